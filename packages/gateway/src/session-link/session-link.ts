import {errorFacts, type Breadcrumbs} from '@holdfast/breadcrumbs'
import {isEventLogError} from '@holdfast/event-log'
import {errorCodes, type EphemeralEvent} from '@holdfast/protocol'
import {isPeerGone, isRpcError, RpcError, type CloseReason, type Connection} from '@holdfast/rpc'
import {subscribeRaw} from '@holdfast/rpc/raw'
import {graces, recordRecovery} from '@holdfast/supervisor'
import {isRecoveryError, supervise, type SupervisorOptions} from '@holdfast/supervisor/supervise'

import {createClientView} from './client-view.ts'
import {goneError, isAboutToEnd, isAway, isPermanent, isReadOnly} from './host-errors.ts'
import {sendStored} from './send-stored.ts'
import {hostUnavailable} from '../hosts/host-unavailable.ts'
import type {Hosts} from '../hosts/hosts.ts'
import type {SessionLogs} from '../stored-sessions/session-logs.ts'
import {watchHeartbeat} from '../hosts/watch-heartbeat.ts'

export interface SessionLinkOptions {
  sessionId: string
  /** The client that this link serves. */
  client: Connection
  hosts: Pick<Hosts, 'isAlive' | 'connect'>
  logs: Pick<SessionLogs, 'read' | 'requireOpen'>
  /** The logs in which the session can be read while it has no host. @default `logs` */
  findLogs?: ((sessionId: string, signal: AbortSignal) => Promise<Pick<SessionLogs, 'read'>>) | undefined
  breadcrumbs: Breadcrumbs
  /** The session was closed: the link is of no more use. */
  onEnd: () => void
  /** Decides what to do when a host has died. @default planRecovery */
  plan?: SupervisorOptions<Connection, CloseReason>['plan']
}

/** Links one client to the host of one session. If the host dies, the link starts or finds the next one. */
export interface SessionLink {
  /**
   * Sends the client the events after `after_seq`, once `responded` resolves. If the link has given up the host, or waits
   * before its next attempt, it tries again at once.
   */
  resume(params: ResumeParams, responded: Promise<void>): Promise<unknown>
  /** Sends the client no more events. */
  leave(): Promise<void>
  /** Sends a request to the host. If the host dies, a repeatable request goes to the next one. */
  request(method: string, params: object, options: {repeatable: boolean}): Promise<unknown>
  /** The client watches the session, or waits for an answer. */
  readonly isBusy: boolean
  close(): Promise<void>
}

export interface ResumeParams {
  session_id: string
  after_seq: number
  [key: string]: unknown
}

/** How often to look for a host that another gateway has started, ms. */
const pollMs = 1000

/** How long a host that has just greeted may take to resume, ms. */
const resumeTimeoutMs = 10_000

export function createSessionLink(options: SessionLinkOptions): SessionLink {
  const {sessionId, client, hosts, logs, breadcrumbs, onEnd, plan} = options
  const {findLogs = () => Promise.resolve(logs)} = options
  /** Requests to which the host has not responded. */
  const pending = new Set<Promise<unknown>>()
  /** Requests of the client without an answer, also while there is no host. */
  let requests = 0
  const record = recordRecovery(breadcrumbs, 'host')
  let hasEnded = false
  const ended = new AbortController()
  /** Whether the client got `session.unresponsive`, and no `session.responsive` since. */
  let isUnresponsive = false
  /** Looks for a host that another gateway has started, while this one pauses. */
  let poll: NodeJS.Timeout | undefined
  /** The size of the client's screen as received: the host validates it. */
  let size: {cols: unknown; rows: unknown} | undefined

  const supervisor = supervise<Connection, CloseReason>({
    plan,
    // Its steps have deadlines of their own, which begin when other hosts have started.
    startTimeoutMs: 300_000,
    async start(generation, signal) {
      stopPolling()
      const host = await hosts.connect(sessionId, signal, () => logs.requireOpen(sessionId), reportWaiting)
      subscribeRaw(host, 'event', (params, json) => view.take(params, json))
      try {
        // The new host knows neither the client nor its size.
        if (!view.isSlow) await watch(host, size)
      } catch (error) {
        void host.close('it sent no events')
        throw error
      }
      breadcrumbs.record('host-connected', {generation})
      // The previous host may have died while it was unresponsive.
      reportResponsive()
      watchHeartbeat(host, {
        onUnresponsive: reportUnresponsive,
        onResponsive: reportResponsive,
      })
      void host.closed.then(({by, errno}) => breadcrumbs.record('connection-lost', {peer: 'host', by, errno}))
      return {
        value: host,
        closed: host.closed,
        close: (reason) => host.close(reason, {deadlineMs: graces.gateway.hostsMs}),
      }
    },
    // No host can open a log that this process cannot read. A client that watches the session waits until its machine is back.
    isStartable: (error) =>
      !isEventLogError(error) && !isPermanent(error) && !(isAway(error) && view.shownSeq === undefined),
    onStatus(status) {
      record(status)
      stopPolling()
      // Meanwhile another gateway may start a host: connecting to that one is not a restart.
      const startsNone = status.kind === 'gave-up' && isReadOnly(status.error)
      if (startsNone || (status.kind === 'recovering' && status.crashLoop === true))
        poll = setInterval(() => void joinRunningHost(), pollMs)
      if (status.kind !== 'gave-up') return
      if (isRpcError(status.error) && status.error.code === errorCodes.sessionClosed) return void showRest()
      reportUnavailable(status.error ?? goneError(status.end))
    },
  })

  const joinRunningHost = async () => {
    const mine = poll
    if ((await hosts.isAlive(sessionId)) && poll === mine) supervisor.restart('another gateway started a host')
  }

  const stopPolling = () => {
    clearInterval(poll)
    poll = undefined
  }

  /** Notifies a client that watches the session, and returns whether it does; others get errors as responses. */
  const notify = (event: EphemeralEvent): boolean => view.shownSeq !== undefined && client.notify('event', event)

  const reportUnavailable = (error: unknown) => {
    const {code, message} = hostUnavailable(sessionId, error)
    notify({type: 'session.unavailable', session_id: sessionId, payload: {code, message}})
  }

  const reportUnresponsive = (timeoutMs: number) => {
    breadcrumbs.record('host-unresponsive')
    const seconds = Math.round(timeoutMs / 1000)
    reportWaiting(
      `The host of session ${sessionId} has not answered for ${seconds} s: its process may be stopped. Nothing is lost; the session continues when the host does`,
    )
  }

  const reportWaiting = (message: string) => {
    isUnresponsive = true
    return notify({
      type: 'session.unresponsive',
      session_id: sessionId,
      payload: {code: errorCodes.hostUnavailable, message},
    })
  }

  const reportResponsive = () => {
    if (isUnresponsive) notify({type: 'session.responsive', session_id: sessionId})
    isUnresponsive = false
  }

  const view = createClientView({
    client,
    onSlow: () =>
      void supervisor
        .current()
        .then((host) => unwatch(host, {is_behind: true}))
        .catch(recordFailure),
    onDrained: () =>
      void supervisor
        .current()
        .then((host) => watch(host))
        .catch(recordFailure),
    onClosed: () => end(),
  })

  const watch = async (host: Connection, screen?: typeof size) => {
    const {shownSeq, shownAt} = view
    if (shownSeq === undefined) return
    const params = {session_id: sessionId, after_seq: shownSeq, after_at: shownAt, ...screen}
    await host.request('session.resume', params, {timeoutMs: resumeTimeoutMs})
  }

  const unwatch = (host: Connection, how: {is_behind?: true} = {}) =>
    host.request('session.leave', {session_id: sessionId, ...how}).catch((error: unknown) => {
      // A host that is gone sends no events.
      if (!isPeerGone(error)) throw error
    })

  /** The session was closed while this link had no host. A client that cannot be sent the end must not wait for it. */
  const showRest = () =>
    sendRest().then(end, (error: unknown) => {
      recordFailure(error)
      reportUnavailable(error)
    })

  const sendRest = async () =>
    await sendStored(sessionId, {client, view, logs: await findLogs(sessionId, ended.signal)})

  /** For a client that may only look at a session that does not run: the state, and then the events, as they are in the log. */
  const resumeStored = async (responded: Promise<void>) => {
    const stored = await findLogs(sessionId, ended.signal)
    void responded.then(sendRest).catch(recordFailure)
    return stored.read(sessionId, (log) => ({state: log.state(), latest_seq: log.latestSeq}))
  }

  const end = () => {
    if (hasEnded) return
    hasEnded = true
    onEnd()
    // The client that closed the session gets the last event, then the response.
    void Promise.allSettled(pending).then(() => supervisor.close('session-closed'))
  }

  const recordFailure = (error: unknown) => breadcrumbs.record('events-failed', errorFacts(error))

  const request = async (method: string, params: object, {repeatable}: {repeatable: boolean}): Promise<unknown> => {
    requests++
    try {
      const result = await send(method, params, {repeatable})
      // A client that watches gets the last event first, perhaps only when it has drained.
      if (method === 'session.close' && !view.isWatching) end()
      return result
    } finally {
      requests--
    }
  }

  const send = async (method: string, params: object, {repeatable}: {repeatable: boolean}): Promise<unknown> => {
    if ('cols' in params && 'rows' in params) size = {cols: params.cols, rows: params.rows}
    for (;;) {
      const host = await supervisor.current().catch(throwUnavailable)
      const response = host.request(method, params)
      pending.add(response)
      try {
        return await response
      } catch (error) {
        if (!isPeerGone(error) && !isAboutToEnd(error)) throw error
        if (!repeatable || hasEnded) throwUnavailable(error)
        // Until then, the supervisor would return the same connection again.
        await host.closed
      } finally {
        pending.delete(response)
      }
    }
  }

  const throwUnavailable = (error: unknown): never => {
    if (hasEnded) throw new RpcError(errorCodes.sessionClosed, `Session ${sessionId} is closed: open another one`)
    throw hostUnavailable(sessionId, isRecoveryError(error) ? (error.cause ?? error) : error)
  }

  return {
    request,
    async resume(params, responded) {
      supervisor.retry()
      const setStart = view.restart(responded)
      const asked = request('session.resume', params, {repeatable: true}).catch((error: unknown) => {
        if (isReadOnly(error)) return resumeStored(responded)
        throw error
      })
      const result = (await asked) as {latest_seq: number}
      setStart(params.after_seq, result.latest_seq)
      return result
    },
    async leave() {
      view.stop()
      if (supervisor.status.kind === 'live') await unwatch(await supervisor.current())
    },
    get isBusy() {
      return view.isWatching || requests > 0
    },
    async close() {
      view.stop()
      ended.abort()
      await supervisor.close('client-left')
    },
  }
}
