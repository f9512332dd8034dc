import {
  errorCodes,
  parseResult,
  type Activity,
  type Params,
  type EphemeralEvent,
  type SessionState,
} from '@holdfast/protocol'
import {isRpcError, RequestTimeoutError, type CloseReason, type Connection} from '@holdfast/rpc'
import type {SupervisorStatus} from '@holdfast/supervisor/supervise'

import {createAttaching, type Attachment, type AttachOptions} from './attachment.ts'
import {callOut} from './call-out.ts'
import {readEvent} from './read-event.ts'
import {createSessionFeed, type LoggedEvent} from './session-feed.ts'
import {createSessionRequests, type AskGateway, type SessionRequests} from './session-requests.ts'
import {describeLoss, sessionStatus, type SessionFacts, type SessionStatus} from './session-status.ts'

export interface OpenOptions {
  /** Events after this seq come; negative: that many of the last. @default 0 */
  afterSeq?: number
  /** Size of the screen on which the session is shown. */
  size?: {cols: number; rows: number}
  /** Each event once, in the order of its seq. `wire`: as it came. What it throws is an uncaught error. */
  onEvent?: (event: LoggedEvent, wire: unknown) => void
  /** The status changed. What it throws is an uncaught error. */
  onStatus?: (status: SessionStatus) => void
  /** What runs seems to do something else; see `ClientSession.activity`. What it throws is an uncaught error. */
  onActivity?: (activity: Activity | undefined) => void
  /** A line was lost and the session is resumed on the next; comes before the events that were missed. */
  onRecovered?: (recovery: Recovery) => void
}

/** What is known when a session has been resumed after a death. */
export interface Recovery {
  /** How the line was lost. */
  reason: string
  /** Where the session stands now, the missed events included. */
  state: SessionState
}

/** A session as its user sees it: it does not end when its gateway or its host does. */
export interface ClientSession extends SessionRequests {
  readonly id: string
  /** Where the session stands, after the last event that came. */
  readonly state: SessionState
  readonly status: SessionStatus
  /** The seq of the last event that came. */
  readonly lastSeq: number
  /** The seq of the last event that there was when it was opened: what comes up to it has happened before. */
  readonly openedSeq: number
  /** What the program that runs seems to be doing: a hint. `undefined` while nothing runs, or nothing is known of it. */
  readonly activity: Activity | undefined
  resize(size: {cols: number; rows: number}): Promise<void>
  /**
   * Hands a terminal to the program that runs, through any number of deaths of the gateway. Rejects with `notAllowed` where
   * nothing runs, and with what else the host refuses it for.
   */
  attach(options: AttachOptions): Promise<Attachment>
  /** Asks again for a host that could not be reached. `status` says what came of it. */
  retry(): Promise<void>
  /** Ends the session for everybody, and what runs in it. */
  close(): Promise<void>
  /** Ends only this view of it. */
  leave(): Promise<void>
}

/** The session was closed, or left, before it was known whether a prompt arrived. */
export class SessionEndedError extends Error {
  override name = 'SessionEndedError'

  constructor(id: string, why: string) {
    super(`Session ${id} has ended (${why}); it is not known whether the prompt arrived`)
  }
}

export interface OpenedSession {
  readonly session: ClientSession
  /** Resumes for the first time. */
  open(): Promise<void>
  /** Resumes on a new line, after the last event that came. Rejects only when that line is of no use, too. */
  resume(connection: Connection): Promise<void>
  take(event: LoggedEvent | Exclude<EphemeralEvent, {type: 'gateway.ready'}>, wire: unknown): void
  setLine(line: SupervisorStatus<CloseReason>): void
}

/** What a session needs of its client. */
export interface SessionLine {
  request: AskGateway
  onWarning: (message: string) => void
  onEnd: () => void
}

/** How long a gateway may take to resume a session before it goes on without, ms. Shorter than the start of a line may take. */
const resumeTimeoutMs = 10_000

export function createClientSession(id: string, options: OpenOptions, line: SessionLine): OpenedSession {
  const {afterSeq = 0, onEvent, onStatus, onActivity, onRecovered} = options
  let size = options.size
  const facts: SessionFacts = {ended: undefined, unavailable: undefined, unresponsive: undefined, notSaved: undefined}
  let lineStatus: SupervisorStatus<CloseReason> = {kind: 'starting'}
  let status: SessionStatus = {kind: 'starting'}
  let activity: Activity | undefined
  /** How the line was lost, until the session is resumed on another. */
  let death: string | undefined

  const feed = createSessionFeed({
    onEvent(event, wire) {
      // Its host is heard, so it can be reached.
      setUnavailable(undefined)
      setFact('unresponsive', undefined)
      setFact('notSaved', undefined)
      // It was told of another program.
      if (event.type === 'message.start' || event.type === 'message.complete') setActivity(undefined)
      callOut(() => onEvent?.(event, wire))
      attaching.note(event)
      if (event.type === 'session.closed') end(event.payload.reason)
    },
    // The gateway must not lose events; if it did, it is asked once more.
    onGap: () => void resumeBy(line.request).catch((error: unknown) => setUnavailable(messageOf(error))),
  })

  let waiting: PromiseWithResolvers<void> | undefined

  /** Resolves when there is somebody to ask; rejects when there will be nobody. */
  const untilReachable = async (): Promise<void> => {
    if (facts.ended !== undefined) throw new SessionEndedError(id, facts.ended)
    if (status.kind === 'live' || status.kind === 'not-saved' || status.kind === 'unresponsive') return
    waiting ??= Promise.withResolvers()
    await waiting.promise
    await untilReachable()
  }

  const updateStatus = () => {
    const next = sessionStatus(lineStatus, facts)
    if (JSON.stringify(next) === JSON.stringify(status)) return
    status = next
    attaching.noteStatus(next)
    waiting?.resolve()
    waiting = undefined
    callOut(() => onStatus?.(next))
  }

  const setFact = (fact: Exclude<keyof SessionFacts, 'ended'>, why: string | undefined) => {
    if (facts[fact] === why) return
    facts[fact] = why
    updateStatus()
  }
  const setUnavailable = (why: string | undefined) => setFact('unavailable', why)

  const setActivity = (next: Activity | undefined) => {
    if (activity === next) return
    activity = next
    callOut(() => onActivity?.(next))
  }

  const end = (why: string) => {
    facts.ended ??= why
    line.onEnd()
    updateStatus()
  }

  const resumeParams = (after: number): Params<'session.resume'> => ({session_id: id, after_seq: after, ...size})

  /** The missed events come after it was told that they were missed. */
  const resumeAfterLast = async (request: AskGateway): Promise<void> => {
    feed.hold()
    try {
      const {state} = await request('session.resume', resumeParams(feed.lastSeq))
      const reason = death
      death = undefined
      if (reason !== undefined) callOut(() => onRecovered?.({reason, state}))
    } finally {
      feed.release()
    }
  }

  /** Resumes after the last event that came. What the gateway says of the session becomes its status. */
  const resumeBy = async (request: AskGateway): Promise<void> => {
    try {
      await resumeAfterLast(request)
      setUnavailable(undefined)
      setFact('unresponsive', undefined)
    } catch (error) {
      // A host that hangs is no reason to give up the line on which other sessions live.
      if (error instanceof RequestTimeoutError) return setUnavailable(error.message)
      if (!isRpcError(error)) throw error
      if (error.code === errorCodes.sessionClosed) await readToEnd(request)
      else if (error.code === errorCodes.sessionNotFound) end(error.message)
      else setUnavailable(error.message)
    }
  }

  /** The session was closed while nobody looked: what it said last is in its log. */
  const readToEnd = async (request: AskGateway) => {
    for (let readSeq = -1; readSeq < feed.lastSeq;) {
      readSeq = feed.lastSeq
      const {events} = await request('session.events', {session_id: id, after_seq: readSeq})
      for (const wire of events) {
        const event = readEvent(wire, line.onWarning)
        if (event !== undefined && 'seq' in event) feed.take(event, wire)
      }
    }
    end('closed')
  }

  const attaching = createAttaching(id, line.request)

  const session: ClientSession = {
    ...createSessionRequests(id, line.request, untilReachable),
    id,
    get state() {
      return feed.state
    },
    get status() {
      return status
    },
    get activity() {
      return activity
    },
    get lastSeq() {
      return feed.lastSeq
    },
    get openedSeq() {
      return feed.openedSeq
    },
    async resize(next) {
      size = next
      await line.request('session.resize', {session_id: id, ...next})
    },
    attach: (attachOptions) => attaching.attach(attachOptions),
    retry: () => resumeBy(line.request),
    async close() {
      try {
        await line.request('session.close', {session_id: id})
      } catch (error) {
        // Its first request was carried out, only the answer was lost.
        if (!(isRpcError(error) && error.code === errorCodes.sessionClosed)) throw error
      }
    },
    async leave() {
      if (facts.ended !== undefined) return
      end('left')
      // A line that is gone watches nothing, and the next one will not resume this session.
      if (lineStatus.kind !== 'live') return
      await line.request('session.leave', {session_id: id}).catch((error: unknown) => {
        if (isRpcError(error)) throw error
      })
    },
  }

  return {
    session,
    async open() {
      const {state, latest_seq} = await line.request('session.resume', resumeParams(afterSeq))
      feed.begin(state, latest_seq, afterSeq)
    },
    async resume(connection) {
      // The request of `open` is sent again by itself.
      if (!feed.hasBegun) return
      const request: AskGateway = async (method, params) =>
        parseResult(method, await connection.request(method, params, {timeoutMs: resumeTimeoutMs}))
      await resumeBy(request)
      attaching.attachAgain(request)
    },
    take(event, wire) {
      if (event.type === 'session.unavailable') setUnavailable(event.payload.message)
      else if (event.type === 'session.not-saved') setFact('notSaved', event.payload.message)
      else if (event.type === 'session.unresponsive') setFact('unresponsive', event.payload.message)
      else if (event.type === 'session.responsive') setFact('unresponsive', undefined)
      else if (event.type === 'attach.output') attaching.take(event.payload)
      else if (event.type === 'session.activity') setActivity(event.payload)
      else feed.take(event, wire)
    },
    setLine(next) {
      lineStatus = next
      if (next.kind !== 'live') setActivity(undefined)
      // Of many deaths in a row, the first one is what happened.
      if (feed.hasBegun && (next.kind === 'recovering' || next.kind === 'gave-up')) death ??= describeLoss(next)
      updateStatus()
    },
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
