import type {HeldSession} from '@holdfast/fleet'
import {maxLongReads, type Method, type Params, type Result} from '@holdfast/protocol'
import type {HandlerContext} from '@holdfast/rpc'

import {limitConcurrency} from '../limit-concurrency.ts'
import {askMachines, describeSilent} from './ask-machines.ts'
import {fleetUnavailable, findRoute} from './find-route.ts'
import type {LocalMethods} from './gateway-fleet.ts'
import {listAway} from './list-away.ts'
import {mergeHistories} from './merge-histories.ts'
import {mergeLists} from './merge-lists.ts'
import {mergeSearches} from './merge-searches.ts'
import type {RouteContext} from './route-context.ts'

/** How long a machine may take, ms. */
const listMs = 5000
const searchMs = 30_000
const historyMs = 10_000

interface Others<M extends Method> {
  /** The machines that have a lease, with this one; `undefined`: not known. */
  machines: readonly string[] | undefined
  answers: {machine: string; result: Result<M>}[]
  silent: string[]
  missing: Missing
}

/** What an answer says of what may be missing in it: nothing, if nothing is. */
type Missing = Pick<Result<'session.list'>, 'incomplete' | 'incomplete_code'>

/** The methods that join what all machines say. */
export function routeLists(context: RouteContext, own: LocalMethods) {
  const {local, cluster, copies, me, hello} = context
  /** For this client: each has the answers of all machines in memory. */
  const takeTurn = limitConcurrency(maxLongReads)

  /** Asks the other machines. Where the cluster is away, this home alone answers. */
  const askOthers = async <M extends Method>(
    method: M,
    paramsOf: (machine: string) => Params<M>,
    {signal, timeoutMs}: {signal: AbortSignal; timeoutMs: number},
  ): Promise<Others<M>> => {
    let machines: string[]
    try {
      machines = (await cluster.listMachines()).map(({name}) => name)
    } catch (error) {
      const {code, message} = fleetUnavailable(error)
      const missing = {incomplete: `${message}: only what this machine has is shown`, incomplete_code: code}
      return {machines: undefined, answers: [], silent: [], missing}
    }
    const others = machines.filter((name) => name !== me)
    const asked = await askMachines(others, method, paramsOf, {cluster, hello, signal, timeoutMs})
    const incomplete = describeSilent(asked.silent)
    return {machines, ...asked, missing: incomplete === undefined ? {} : {incomplete}}
  }

  /** The sessions that the cluster knows: needed only for those of machines that do not answer, so the list goes on without them. */
  const listHeld = async (): Promise<{sessions: readonly HeldSession[]; missing: Missing}> => {
    try {
      return {sessions: await cluster.listHeld(), missing: {}}
    } catch (error) {
      const {message} = fleetUnavailable(error)
      return {sessions: [], missing: {incomplete: `${message}: sessions of machines that are away are missing`}}
    }
  }

  /** `ownPage`: that of this home, if it is known already. */
  const list = async (
    params: Params<'session.list'>,
    handler: HandlerContext,
    ownPage = own['session.list'](params, handler),
  ): Promise<Result<'session.list'>> => {
    const {signal} = handler
    const [page, others, held] = await Promise.all([
      ownPage,
      askOthers('session.list', () => params, {signal, timeoutMs: listMs}),
      listHeld(),
    ])
    const {machines, answers, silent} = others
    const missing = {...held.missing, ...others.missing}
    const leased = machines && new Set(machines)
    const answered = new Set(machines?.filter((name) => !silent.includes(name)))
    if (me !== undefined) answered.add(me)
    const away = listAway({
      held: held.sessions,
      answered,
      leased,
      after: params.after,
      copied: (id) => copies.summarize(id),
    })
    const pages = answers.map(({machine, result}) => ({...result, machine}))
    const holders = new Map(held.sessions.map((session) => [session.sessionId, session]))
    const merged = mergeLists([{...page, machine: me}, ...pages, {sessions: away, machine: undefined}], {holders})
    return {...merged, ...missing}
  }

  /** The machine that reads the history of a session's shell: the shell runs there. */
  const machineOfShell = async (sessionId: string | undefined): Promise<string | undefined> => {
    if (sessionId === undefined || local.caller?.isReadOnly === true) return undefined
    if (await local.hosts.isAlive(sessionId)) return undefined
    const route = await findRoute(sessionId, {home: local.home, cluster, me}).catch(() => undefined)
    return route?.kind === 'elsewhere' ? route.holder.machine : undefined
  }

  return {
    list,
    methods: {
      'session.list': async (params, handler) => await takeTurn(() => list(params, handler)),

      'session.search': async (params, handler) =>
        await takeTurn(async () => {
          const [here, {answers, missing}] = await Promise.all([
            own['session.search'](params, handler),
            askOthers('session.search', () => params, {signal: handler.signal, timeoutMs: searchMs}),
          ])
          return {...mergeSearches([here, ...answers.map(({result}) => result)]), ...missing}
        }),

      'prompt.history': async ({session_id, ...params}, handler) =>
        await takeTurn(async () => {
          const machine = await machineOfShell(session_id)
          const ofShell = {...params, session_id}
          const [here, {answers}] = await Promise.all([
            own['prompt.history'](machine === undefined ? ofShell : params, handler),
            askOthers('prompt.history', (name) => (name === machine ? ofShell : params), {
              signal: handler.signal,
              timeoutMs: historyMs,
            }),
          ])
          return mergeHistories([here, ...answers.map(({result}) => result)], params.limit ?? 100)
        }),
    } satisfies Partial<LocalMethods>,
  }
}
