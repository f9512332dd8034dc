import {
  createSessionId,
  parseResult,
  protocolVersion,
  type Greeting,
  type Method,
  type Params,
  type Result,
  type SessionSummary,
} from '@holdfast/protocol'
import {findPeerGone, isPeerGone, type CloseReason, type Connection} from '@holdfast/rpc'
import {supervise, type SupervisorStatus} from '@holdfast/supervisor/supervise'

import {callListener} from './call-listener.ts'
import type {ClientSession, OpenOptions} from './client-session.ts'
import {createClientSession} from './create-client-session.ts'
import {isGatewayMismatchError, openGatewayConnection} from './gateway-connection.ts'
import type {GatewayConnector} from './gateway-connector.ts'
import type {OpenedSession} from './opened-session.ts'
import {readEvent} from './read-event.ts'
import {createSessionList, type SessionMap} from './session-list.ts'

/** An error that one of these callbacks throws becomes an uncaught exception; the client goes on. */
export interface ClientOptions {
  /** How to reach the gateway: `localGateway`, `remoteGateway`, or a connector of your own. */
  gateway: GatewayConnector
  /**
   * What your program is called, at most 64 characters, such as `web`, and its version. With it, others that look at a session see that
   * this client does, and the other way round. @default no name
   */
  program?: {name: string; version: string} | undefined
  /** Receives each new status of the connection to the gateway. */
  onStatus?: ((status: ClientStatus) => void) | undefined
  /**
   * Receives a message about each event that could not be parsed, and about other input that is no message. A logged event is
   * delivered with the type `unknown`; sessions ask for events that were lost. Also about lists and searches that lack what machines
   * of a fleet have; `code` is that of the error, where the fleet cannot be asked at all.
   */
  onWarning?: (message: string, code?: number) => void
}

/** Status of the connection to the gateway. */
export type ClientStatus = SupervisorStatus<CloseReason>

/**
 * A client of one gateway. Its requests reject with the `RpcError` of the gateway; with `RecoveryError` where there is no
 * gateway (`gave-up` until `retry`, `closed` after `close`); with `RequestTimeoutError` after 30 s without an answer (5 min for a new session).
 */
export interface Client {
  readonly status: ClientStatus
  /** What the gateway said first, the last time that one was connected: its version, and under which name it knows this client. */
  readonly greeting: Greeting | undefined
  /**
   * Creates a session. Resolves with its id when the session is on the disk. Creates one session, however often it repeats the
   * request.
   */
  createSession(params?: Params<'session.create'>): Promise<string>
  /** Lists all sessions, the last used first. */
  listSessions(): Promise<SessionSummary[]>
  /**
   * Calls the listener with all sessions, by their ids, and again whenever one of them changes, also after a recovery of the
   * gateway. A gateway of an older version tells no changes. Returns a function that ends this.
   */
  watchSessions(listener: (sessions: SessionMap) => void): () => void
  /**
   * Opens a session. Its events arrive once and in order, through any number of gateway crashes. Rejects where the session is
   * already open in this client.
   */
  openSession(sessionId: string, options?: OpenOptions): Promise<ClientSession>
  /**
   * Sends any request of the protocol. Waits while the gateway recovers, and repeats the request where its answer was lost and
   * a repetition is harmless. Otherwise (input, an interrupt, an attachment, a login, a fresh start of an agent) it rejects with `PeerGoneError`.
   */
  request<M extends Method>(method: M, params: Params<M>): Promise<Result<M>>
  /** Tries again after `gave-up`, or without waiting for the end of a pause, with a fresh restart budget. */
  retry(): void
  /** Closes the connection, and ends a gateway that this client started. Sessions go on. */
  close(reason?: string): Promise<void>
}

/** Whether a gateway may carry out a request twice. */
function isRepeatable<M extends Method>(method: M, params: Params<M>): boolean {
  if (method === 'session.create') return (params as Params<'session.create'>).session_id !== undefined
  // A second one would give up the session that the first one began.
  if (method === 'agent.restart') return (params as Params<'agent.restart'>).fresh !== true
  return !onlyOnce.has(method)
}

const onlyOnce: ReadonlySet<Method> = new Set([
  'session.input',
  'session.keys',
  'session.paste',
  'attach.start',
  'session.interrupt',
  'session.signal',
  'session.mark',
  'agent.login',
])

/** The gateway starts a few hosts at a time, so that one of many new sessions waits for the others. */
const createTimeoutMs = 300_000

function timeoutOf(method: Method): {timeoutMs?: number} {
  return method === 'session.create' ? {timeoutMs: createTimeoutMs} : {}
}

/** System errors of a start that another attempt would meet again. */
const notStartable: ReadonlySet<string | undefined> = new Set(['ENOENT', 'EACCES', 'ENOTDIR', 'ENOEXEC'])

/** Creates a client. It connects to the gateway with the first request. */
export function createClient(options: ClientOptions): Client {
  const {gateway, program, onStatus, onWarning} = options
  const hello = {protocol: protocolVersion, version: program?.version ?? 'unknown', name: program?.name}
  let greeting: Greeting | undefined
  const sessions = new Map<string, OpenedSession>()

  const supervisor = supervise<Connection, CloseReason>({
    async start(generation, signal) {
      const opened = await openGatewayConnection(
        await gateway.connect(generation, signal),
        {hello, onGreeting: (said) => void (greeting = said), onEvent: take, onNoise},
        signal,
      )
      gateway.onOpen?.(() => opened.value.request('gateway.ping', {}))
      // Before any other request.
      try {
        await Promise.all([...sessions.values()].map((session) => session.resume(opened.value)))
      } catch (error) {
        void opened.close('its sessions could not be resumed')
        throw error
      }
      return opened
    },
    isStartable: (error) => {
      const gone = findPeerGone(error)
      if (gone) return !notStartable.has(gone.reason.errno)
      return !isGatewayMismatchError(error) && (gateway.isStartable?.(error) ?? true)
    },
    plan: gateway.plan?.bind(gateway),
    onStatus(status) {
      for (const session of sessions.values()) session.setConnection(status)
      if (status.kind === 'live') list.connected()
      onStatus?.(status)
    },
  })

  const warn = (message: string, code?: number) => callListener(() => onWarning?.(message, code))

  /** Passes an event to its session, if that is open. */
  const take = (wire: unknown) => {
    const event = readEvent(wire, warn)
    if (event === undefined) suspectLoss()
    else if (event.type === 'session.changed' || event.type === 'session.deleted') list.take(event)
    else if ('session_id' in event) sessions.get(event.session_id)?.take(event, wire)
  }

  const listSessions = async () => {
    const listed: SessionSummary[] = []
    for (let after: string | undefined; ;) {
      const page = await request('session.list', {after})
      listed.push(...page.sessions)
      // A page is in order, and most homes have one.
      if (after === undefined && page.next === undefined) return listed
      if (page.next === undefined) return listed.sort((first, second) => second.updated_at - first.updated_at)
      after = page.next
    }
  }

  const list = createSessionList({
    watch: () => request('sessions.watch', {}),
    unwatch: () => request('sessions.unwatch', {}),
    list: listSessions,
    onError: (error) =>
      warn(`The list of sessions cannot be read: ${error instanceof Error ? error.message : String(error)}`),
  })

  const onNoise = (message: string) => {
    warn(`The gateway sent noise, and lost events are asked for again: ${message}`)
    suspectLoss()
  }

  /** What could not be read may have been an event of any session. */
  const suspectLoss = () => {
    for (const session of sessions.values()) session.suspectLoss()
  }

  const request = async <M extends Method>(method: M, params: Params<M>): Promise<Result<M>> => {
    for (;;) {
      const connection = await supervisor.current()
      try {
        const result = parseResult(method, await connection.request(method, params, timeoutOf(method)))
        if ('incomplete' in result && typeof result.incomplete === 'string')
          warn(result.incomplete, result.incomplete_code)
        return result
      } catch (error) {
        if (!isPeerGone(error) || !isRepeatable(method, params)) throw error
        // Until the connection reports its end, the supervisor would return it again.
        await connection.closed
      }
    }
  }

  return {
    get status() {
      return supervisor.status as ClientStatus
    },
    get greeting() {
      return greeting
    },
    request,
    async createSession({session_id = createSessionId(), ...params} = {}) {
      return (await request('session.create', {...params, session_id})).session_id
    },
    listSessions,
    watchSessions: list.watch,
    async openSession(sessionId, openOptions = {}) {
      if (sessions.has(sessionId))
        throw new TypeError(`Session ${sessionId} is already open in this client: leave it first`)
      const opened = createClientSession(sessionId, openOptions, {
        request,
        onWarning: warn,
        onEnd() {
          // The same session may have been opened again.
          if (sessions.get(sessionId) === opened) sessions.delete(sessionId)
        },
      })
      sessions.set(sessionId, opened)
      try {
        await opened.open()
      } catch (error) {
        sessions.delete(sessionId)
        throw error
      }
      opened.setConnection(supervisor.status as ClientStatus)
      return opened.session
    },
    retry: () => supervisor.retry(),
    close: (reason = 'the client was closed') => supervisor.close(reason),
  }
}
