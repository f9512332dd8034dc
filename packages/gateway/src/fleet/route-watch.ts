import type {Result} from '@holdfast/protocol'
import type {HandlerContext} from '@holdfast/rpc'

import {limitConcurrency} from '../limit-concurrency.ts'
import type {SummaryEvent, SummarySender} from '../stored-sessions/summary-sender.ts'
import type {LocalMethods} from './gateway-fleet.ts'
import {createLiveOwners} from './live-owners.ts'
import type {RouteContext} from './route-context.ts'

/** Tells one client about the sessions of all machines. */
export interface RoutedWatch {
  /** What this home reports goes through it. */
  sender: SummarySender
  start(
    own: LocalMethods,
    list: (ownPage: Promise<Result<'session.list'>>) => Promise<Result<'session.list'>>,
    handler: HandlerContext,
  ): Promise<Result<'session.list'>>
  stop(): void
}

/** How many sessions to ask the cluster about at a time: a machine that comes back may list hundreds that it has lost. */
const maxAsked = 8

export function routeWatch({local, cluster, watch, me}: RouteContext): RoutedWatch {
  let owners = createLiveOwners()
  /** The sessions that the cluster is asked about, with the last event of each machine that came meanwhile. */
  let asked = new Map<string, Map<string, SummaryEvent>>()
  let unsubscribe: (() => void) | undefined
  const takeTurn = limitConcurrency(maxAsked)

  const tell = (machine: string, event: SummaryEvent) => {
    const waiting = asked.get(event.session_id)
    if (waiting !== undefined) {
      waiting.delete(machine)
      waiting.set(machine, event)
      return
    }
    const verdict = owners.judge(machine, event)
    if (verdict === 'ask') void ask(machine, event)
    else if (verdict === 'tell') report(machine, event)
  }
  const report = (machine: string, event: SummaryEvent) => {
    owners.told(machine, event)
    local.sender.report(event)
  }

  /** Tells an event if it counts, then those that came meanwhile: each may say something new about who has the session. */
  const ask = async (machine: string, event: SummaryEvent) => {
    const {session_id: id} = event
    const mine = asked
    const waiting = new Map<string, SummaryEvent>()
    mine.set(id, waiting)
    const holder = await takeTurn(() => cluster.readHolder(id)).catch(() => 'unknown' as const)
    if (mine !== asked) return
    mine.delete(id)
    // The client may have been told a list meanwhile.
    if (owners.decide(machine, event, holder) === 'tell') report(machine, event)
    for (const [from, later] of waiting) tell(from, later)
  }

  const stop = () => {
    unsubscribe?.()
    unsubscribe = undefined
    asked = new Map()
  }
  return {
    sender: {
      clear: () => local.sender.clear(),
      report(event) {
        const named = me !== undefined && event.type === 'session.changed'
        tell(me ?? '', named ? {...event, payload: {...event.payload, machine: me}} : event)
      },
    },
    async start(own, list, handler) {
      stop()
      owners = createLiveOwners()
      const mine = (unsubscribe = watch.subscribe(tell, () => owners.silent()))
      const ownPage = Promise.resolve(own['sessions.watch']({}, handler))
      // It is awaited only later: until then, a failure must not end the process.
      ownPage.catch(() => {})
      await watch.ready()
      const page = await list(ownPage)
      if (unsubscribe === mine) owners.set(page.sessions)
      return page
    },
    stop,
  }
}
