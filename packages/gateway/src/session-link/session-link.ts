import {errorFacts, type Breadcrumbs} from '@holdfast/breadcrumbs'
import {errorCodes, type EphemeralEvent} from '@holdfast/protocol'
import {isPeerGone, isRpcError, RpcError, type CloseReason, type Connection} from '@holdfast/rpc'
import {recordRecovery} from '@holdfast/supervisor'
import {supervise, RecoveryError, type SupervisorOptions} from '@holdfast/supervisor/supervise'

import {createClientView} from './client-view.ts'
import {hostUnavailable} from '../hosts/host-unavailable.ts'
import type {Hosts} from '../hosts/hosts.ts'
import type {SessionLogs} from '../stored-sessions/session-logs.ts'
import {watchHeartbeat} from '../hosts/watch-heartbeat.ts'

export interface SessionLinkOptions {
  sessionId: string
  /** The client that this link serves. */
  client: Connection
  hosts: Hosts
  logs: SessionLogs
  breadcrumbs: Breadcrumbs
  /** The session has ended: there is nothing left to link to. */
  onEnd: () => void
  /** What follows the death of a host. @default planRecovery */
  plan?: SupervisorOptions<Connection, CloseReason>['plan']
}

/** One client's line to the host of one session. The host may die; the line stays. */
export interface SessionLink {
  /**
   * Starts the events for the client after `after_seq`; they are held until `responded`. A host that was given up is
   * tried again, at once also in the pause before the next try.
   */
  resume(params: ResumeParams, responded: Promise<void>): Promise<unknown>
  /** Stops the events for the client. */
  leave(): Promise<void>
  /** Asks the host. A method that may be repeated is asked again of the next host when this one dies. */
  request(method: string, params: object, options: {repeatable: boolean}): Promise<unknown>
  close(): Promise<void>
}

export interface ResumeParams {
  session_id: string
  after_seq: number
  [key: string]: unknown
}

/** How often to look for a host of others, ms. */
const lookMs = 1000

/** Answers that no other host would give. */
const final: ReadonlySet<number> = new Set([
  errorCodes.sessionNotFound,
  errorCodes.sessionClosed,
  errorCodes.protocolMismatch,
])

export function createSessionLink(options: SessionLinkOptions): SessionLink {
  const {sessionId, client, hosts, logs, breadcrumbs, onEnd, plan} = options
  /** Answers that the host owes. */
  const owed = new Set<Promise<unknown>>()
  const record = recordRecovery(breadcrumbs, 'host')
  let hasEnded = false
  /** The client was told that the host does not answer. */
  let isSilent = false
  /** Looks for a host of others during a pause. */
  let looking: NodeJS.Timeout | undefined
  /** Of the client's screen, once it said so: as it came, the host judges it. */
  let size: {cols: unknown; rows: unknown} | undefined

  const supervisor = supervise<Connection, CloseReason>({
    plan,
    async start(generation, signal) {
      lookNoMore()
      // Again at each start: others may have closed it, and then its host has gone for good.
      logs.requireOpen(sessionId)
      const host = await hosts.connect(sessionId, signal)
      host.subscribe('event', (params, json) => view.take(params, json), {withJson: true})
      try {
        // It was begun without a screen.
        if (!view.isSlow) await watch(host, size)
      } catch (error) {
        void host.close('its events did not come')
        throw error
      }
      breadcrumbs.record('host-connected', {generation})
      // The one before may have died in its silence.
      reportResponsive()
      watchHeartbeat(host, {
        onUnresponsive: (silentMs) => reportUnresponsive(`${Math.round(silentMs / 1000)} s`),
        onResponsive: reportResponsive,
      })
      void host.closed.then(({by, errno}) => breadcrumbs.record('connection-lost', {peer: 'host', by, errno}))
      return {value: host, closed: host.closed, close: (reason) => host.close(reason)}
    },
    isStartable: (error) => !(isRpcError(error) && final.has(error.code)),
    onStatus(status) {
      record(status)
      lookNoMore()
      // In a pause of our own, another gateway may have started a host: to join that one is no restart.
      if (status.kind === 'recovering' && status.crashLoop === true)
        looking = setInterval(() => void joinLiving(), lookMs)
      if (status.kind !== 'gave-up') return
      if (isRpcError(status.error) && status.error.code === errorCodes.sessionClosed) return void showRest()
      const {code, message} = hostUnavailable(sessionId, status.error ?? goneError(status.end))
      tell({type: 'session.unavailable', session_id: sessionId, payload: {code, message}})
    },
  })

  const joinLiving = async () => {
    const mine = looking
    if ((await hosts.isAlive(sessionId)) && looking === mine) supervisor.restart('its host lives')
  }

  const lookNoMore = () => {
    clearInterval(looking)
    looking = undefined
  }

  /** Only to who watches: others are answered when they ask. */
  const tell = (event: EphemeralEvent) => {
    if (view.shownSeq !== undefined) client.notify('event', event)
  }

  const reportUnresponsive = (silence: string) => {
    breadcrumbs.record('host-silent')
    isSilent = true
    const message = `The host of session ${sessionId} has not answered for ${silence}: it may have been stopped. Nothing is lost, and all goes on when it does`
    tell({type: 'session.unresponsive', session_id: sessionId, payload: {code: errorCodes.hostUnavailable, message}})
  }

  const reportResponsive = () => {
    if (isSilent) tell({type: 'session.responsive', session_id: sessionId})
    isSilent = false
  }

  const view = createClientView({
    client,
    onSlow: () => void supervisor.current().then(unwatch).catch(recordFailure),
    onDrained: () =>
      void supervisor
        .current()
        .then((host) => watch(host))
        .catch(recordFailure),
    onClosed: () => end(),
  })

  const watch = async (host: Connection, screen?: typeof size) => {
    const {shownSeq} = view
    if (shownSeq === undefined) return
    await host.request('session.resume', {session_id: sessionId, after_seq: shownSeq, ...screen})
  }

  /** A host that is gone sends no events. */
  const unwatch = (host: Connection) =>
    host.request('session.leave', {session_id: sessionId}).catch((error: unknown) => {
      if (!isPeerGone(error)) throw error
    })

  /** The session was closed while no host of it could tell the client: what it said last is in its log. */
  const showRest = async () => {
    try {
      for (let from = -1; view.shownSeq !== undefined && from < view.shownSeq;) {
        await client.drained()
        from = view.shownSeq
        logs.read(sessionId, (log) => log.read({afterSeq: from})).forEach((event) => view.take(event))
      }
    } catch (error) {
      recordFailure(error)
    }
    end()
  }

  const end = () => {
    if (hasEnded) return
    hasEnded = true
    onEnd()
    // Whoever closed the session sees its end before the answer to that.
    void Promise.allSettled(owed).then(() => supervisor.close('session-closed'))
  }

  const recordFailure = (error: unknown) => breadcrumbs.record('events-failed', errorFacts(error))

  const request = async (method: string, params: object, {repeatable}: {repeatable: boolean}): Promise<unknown> => {
    if ('cols' in params && 'rows' in params) size = {cols: params.cols, rows: params.rows}
    for (;;) {
      const host = await supervisor.current().catch(throwUnavailable)
      const answer = host.request(method, params)
      owed.add(answer)
      try {
        return await answer
      } catch (error) {
        if (!isPeerGone(error) && !isAboutToEnd(error)) throw error
        if (!repeatable || hasEnded) throwUnavailable(error)
        // A connection is gone a moment before its end is told; until then the supervisor would give the same one again.
        await host.closed
      } finally {
        owed.delete(answer)
      }
    }
  }

  const throwUnavailable = (error: unknown): never => {
    if (hasEnded) throw new RpcError(errorCodes.sessionClosed, `Session ${sessionId} is closed`)
    throw hostUnavailable(sessionId, error instanceof RecoveryError ? (error.cause ?? error) : error)
  }

  return {
    request,
    async resume(params, responded) {
      // Who asks anew does not wait for the end of a pause.
      supervisor.retry()
      const goOn = view.restart(responded)
      const result = (await request('session.resume', params, {repeatable: true})) as {latest_seq: number}
      goOn(params.after_seq, result.latest_seq)
      return result
    },
    async leave() {
      view.stop()
      if (supervisor.status.kind === 'live') await unwatch(await supervisor.current())
    },
    async close() {
      await supervisor.close('client-left')
    },
  }
}

/** A host that was told to end takes nothing more; its successor does. */
function isAboutToEnd(error: unknown): boolean {
  return isRpcError(error) && error.code === errorCodes.hostUnavailable
}

function goneError(end: CloseReason | undefined): Error {
  return new Error(end?.message ?? 'it is gone')
}
