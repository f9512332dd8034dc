import {decodeOutput, errorCodes, parseResult, type LoggedEvent, type Params, type Viewers} from '@holdfast/protocol'
import {isPeerGone, isRpcError, isRequestTimeout, type RpcError} from '@holdfast/rpc'
import {isRecoveryError} from '@holdfast/supervisor/supervise'

import {createAttacher} from './attachment.ts'
import {callListener} from './call-listener.ts'
import {createCatchUp} from './catch-up.ts'
import type {ClientSession, OpenOptions} from './client-session.ts'
import type {OpenedSession, SessionContext} from './opened-session.ts'
import {createProgramActivity} from './program-activity.ts'
import {readEvent} from './read-event.ts'
import {createSessionEvents, maxBufferedEvents} from './session-events.ts'
import {createSessionFeed, resolveAfterSeq} from './session-feed.ts'
import {createSessionRequests, repeatUntilAnswered, type GatewayRequest} from './session-requests.ts'
import {describeLoss} from './session-status.ts'
import {createTrackedStatus} from './tracked-status.ts'

/** How long a gateway may take to resume a session, milliseconds. */
const resumeTimeoutMs = 10_000

/**
 * How long the start of a connection waits for each session, milliseconds. One host that hangs must not use up the time that
 * a slow gateway needs for its start: then all sessions would lose the connection.
 */
const startWaitsMs = 2000

export function createClientSession(id: string, options: OpenOptions, context: SessionContext): OpenedSession {
  const {afterSeq = 0, onEvent, onStatus, onActivity, onViewers, onPrompt, onState, onRecovered} = options
  const {request} = context
  let size = options.size
  const status = createTrackedStatus(id, (next) => {
    attacher.takeStatus(next)
    catchUp.look()
    callListener(() => onStatus?.(next))
  })
  const activity = createProgramActivity(id, request, onActivity)
  let viewers: Viewers | undefined
  const setViewers = (next: Viewers | undefined) => {
    if (viewers === next) return
    viewers = next
    callListener(() => onViewers?.(next))
  }
  /** The session is closed, or deleted: no event follows. */
  let isClosed = false
  /** The last event that existed when the session was resumed. */
  let resumedSeq = 0
  /** How the connection was lost, until the session is resumed on the next one. */
  let loss: string | undefined

  const feed = createSessionFeed({
    onEvent(event, wire) {
      // The event shows that the host is alive and saves events.
      status.set('unavailable', undefined)
      status.set('unresponsive', undefined)
      status.set('notSaved', undefined)
      // The activity belonged to another program. The host sends the present one before the events that were missed.
      const isEnd = event.type === 'message.start' || event.type === 'message.complete'
      if (isEnd && event.seq > resumedSeq) activity.set(undefined)
      callListener(() => onEvent?.(event, wire, feed.state))
      events.push(event)
      attacher.takeEvent(event)
      catchUp.heard()
      if (event.type === 'session.closed') endClosed(event.payload.reason)
    },
    onGap: (seq) => catchUp.suspect(seq),
  })

  const catchUp = createCatchUp({
    lastSeq: () => feed.lastSeq,
    isReachable: () => feed.hasBegun && status.current.kind === 'live',
    expectsEvents: () => feed.isStale || feed.state.running !== null || feed.state.queue.length > 0,
    async ask() {
      try {
        // Without the size: another client may have set it since.
        await resumeAfterLast(request, {session_id: id, after_seq: feed.lastSeq, after_at: feed.lastAt})
        return true
      } catch (error) {
        if (isRpcError(error)) await takeRefusal(error, request)
        return false
      }
    },
    onGiveUp(isMissing) {
      const missing = `Event ${feed.lastSeq + 1} does not arrive, although the gateway was asked for it again`
      const silent = 'The gateway does not answer, although it was asked for the state of the session again'
      status.set('unavailable', isMissing ? missing : silent)
    },
  })

  const readPage = async (send: GatewayRequest, after: number, limit?: number): Promise<[LoggedEvent, unknown][]> => {
    const page = await send('session.events', {session_id: id, after_seq: after, limit})
    return page.events.flatMap((wire): [LoggedEvent, unknown][] => {
      const event = readEvent(wire, context.onWarning)
      return event !== undefined && 'seq' in event ? [[event, wire]] : []
    })
  }

  const events = createSessionEvents({
    get lastSeq() {
      return feed.lastSeq
    },
    get isClosed() {
      return isClosed
    },
    async read(after, signal) {
      try {
        const read = () => readPage(request, after, maxBufferedEvents)
        const page = await repeatUntilAnswered(read, async () => signal.throwIfAborted(), signal)
        return page.map(([event]) => event)
      } catch (error) {
        if (!(isRecoveryError(error) && error.code === 'closed')) throw error
        // The client was closed after the session.
        events.stop()
        return []
      }
    },
  })

  const attacher = createAttacher(id, request, () => status.connection.kind === 'live')

  const end = (reason: string) => {
    context.onEnd()
    status.end(reason)
  }

  const endClosed = (reason: string) => {
    isClosed = true
    events.wake()
    end(reason)
  }

  const resumeParams = (after: number): Params<'session.resume'> => ({session_id: id, after_seq: after, ...size})

  /** Calls `onRecovered` before the missed events. */
  const resumeAfterLast = async (send: GatewayRequest, params: Params<'session.resume'>): Promise<void> => {
    feed.hold()
    let latestSeq: number | undefined
    try {
      const {state, latest_seq, hidden_at} = await send('session.resume', params)
      latestSeq = resumedSeq = latest_seq
      activity.noteHidden(hidden_at)
      const reason = loss
      loss = undefined
      if (reason !== undefined) callListener(() => onRecovered?.({reason, state}))
      if (feed.adopt(state, latest_seq)) callListener(() => onState?.(state))
    } finally {
      feed.release({areRepeated: latestSeq !== undefined})
    }
    catchUp.answered(latestSeq)
  }

  /** Resumes after the last event. An error of the gateway becomes the status of the session. */
  const resumeWith = async (send: GatewayRequest): Promise<void> => {
    try {
      await resumeAfterLast(send, {...resumeParams(feed.lastSeq), after_at: feed.lastAt})
      status.set('unavailable', undefined)
      status.set('unresponsive', undefined)
    } catch (error) {
      // One host that hangs must not cost other sessions the connection.
      if (isRequestTimeout(error)) return status.set('unavailable', error.message)
      if (!isRpcError(error)) throw error
      await takeRefusal(error, send)
    }
  }

  const takeRefusal = async (error: RpcError, send: GatewayRequest): Promise<void> => {
    if (error.code === errorCodes.sessionClosed) await readToEnd(send)
    else if (error.code === errorCodes.sessionNotFound) endClosed(error.message)
    else status.set('unavailable', error.message)
  }

  /** The session was closed while the connection was lost. Its last events are in the log. */
  const readToEnd = async (send: GatewayRequest) => {
    for (let readSeq = -1; readSeq < feed.lastSeq;) {
      readSeq = feed.lastSeq
      for (const [event, wire] of await readPage(send, readSeq)) feed.take(event, wire)
    }
    endClosed('closed')
  }

  const session: ClientSession = {
    ...createSessionRequests(id, request, status.untilReachable),
    id,
    get state() {
      return feed.state
    },
    get status() {
      return status.current
    },
    get activity() {
      return activity.current
    },
    get viewers() {
      return viewers
    },
    get hiddenAt() {
      return activity.hiddenAt
    },
    look: activity.look,
    get lastSeq() {
      return feed.lastSeq
    },
    get openedSeq() {
      return feed.openedSeq
    },
    events({afterSeq: from, signal} = {}) {
      const start = from === undefined ? resolveAfterSeq(afterSeq, feed.openedSeq) : resolveAfterSeq(from, feed.lastSeq)
      return events.open(start, signal)
    },
    async resize(next) {
      size = next
      await request('session.resize', {session_id: id, ...next})
    },
    attach: (attachOptions) => attacher.attach(attachOptions),
    retry: () => resumeWith(request),
    async close() {
      try {
        await request('session.close', {session_id: id})
      } catch (error) {
        // The request was repeated because its first answer was lost.
        if (!(isRpcError(error) && error.code === errorCodes.sessionClosed)) throw error
      }
    },
    async leave() {
      if (status.hasEnded) return
      end('left')
      events.stop()
      // A lost connection has no subscriptions, and the next one will not resume this session.
      if (status.connection.kind !== 'live') return
      await request('session.leave', {session_id: id}).catch((error: unknown) => {
        if (isRpcError(error)) throw error
      })
    },
  }

  return {
    session,
    async open() {
      // Without a callback, the past events would have no reader; loops over `events()` read them from the log.
      const from = onEvent === undefined ? Number.MAX_SAFE_INTEGER : afterSeq
      const {state, latest_seq, hidden_at} = await request('session.resume', resumeParams(from))
      resumedSeq = latest_seq
      activity.noteHidden(hidden_at)
      feed.begin(state, latest_seq, from)
      catchUp.answered(latest_seq)
    },
    async resume(connection) {
      // `request` repeats the first resume by itself.
      if (!feed.hasBegun) return
      const send: GatewayRequest = async (method, params) =>
        parseResult(method, await connection.request(method, params, {timeoutMs: resumeTimeoutMs}))
      const resumed = resumeWith(send).then(() => attacher.reattach(send))
      let timer: ReturnType<typeof setTimeout> | undefined
      const late = new Promise<'late'>((resolve) => (timer = setTimeout(() => resolve('late'), startWaitsMs)))
      const outcome = await Promise.race([resumed, late]).finally(() => clearTimeout(timer))
      if (outcome !== 'late') return
      status.set('unresponsive', `its host has not answered for ${startWaitsMs / 1000} s`)
      // The end of the connection resumes the session on the next one.
      resumed.catch((error: unknown) => isPeerGone(error) || status.set('unavailable', String(error)))
    },
    take(event, wire) {
      if (event.type === 'session.unavailable') status.set('unavailable', event.payload.message)
      else if (event.type === 'session.not-saved') status.set('notSaved', event.payload.message)
      else if (event.type === 'session.unresponsive') status.set('unresponsive', event.payload.message)
      else if (event.type === 'session.responsive') status.set('unresponsive', undefined)
      else if (event.type === 'attach.output') attacher.takeOutput(event.payload)
      else if (event.type === 'session.activity') activity.set(event.payload)
      else if (event.type === 'session.viewers') setViewers(event.payload)
      else if (event.type === 'session.prompt') callListener(() => onPrompt?.(decodeOutput(event.payload)))
      else if ('seq' in event) feed.take(event, wire)
    },
    suspectLoss: () => catchUp.suspect(),
    setConnection(next) {
      if (next.kind !== 'live') {
        activity.set(undefined)
        setViewers(undefined)
      }
      if (next.kind === 'closed') events.stop()
      // After several losses in a row, the first one is the cause.
      if (feed.hasBegun && (next.kind === 'recovering' || next.kind === 'gave-up')) loss ??= describeLoss(next)
      status.setConnection(next)
    },
  }
}
