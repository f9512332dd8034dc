import {createSessionId, parseResult, type Method, type Params, type Result} from '@holdfast/protocol'
import {isPeerGone, PeerGoneError, type CloseReason, type Connection} from '@holdfast/rpc'
import {supervise, type SupervisorStatus} from '@holdfast/supervisor/supervise'

import {callOut} from './call-out.ts'
import {createClientSession, type ClientSession, type OpenOptions, type OpenedSession} from './client-session.ts'
import {GatewayMismatchError, openGatewayConnection} from './gateway-connection.ts'
import type {GatewayConnector} from './gateway-connector.ts'
import {readEvent} from './read-event.ts'

export interface ClientOptions {
  /** How the gateway is reached: `localGateway`, `remoteGateway`, or a way of your own. */
  gateway: GatewayConnector
  /** The line to the gateway changed its status. What it throws is an uncaught error. */
  onStatus?: (status: ClientStatus) => void
  /** An event whose content could not be read; it comes as one of type `unknown`. What it throws is an uncaught error. */
  onWarning?: (message: string) => void
}

export type ClientStatus = SupervisorStatus<CloseReason>

export interface Client {
  readonly status: ClientStatus
  /** Makes a session; its id is durable when this resolves. Asked for again, by its id, while the gateway recovers: it is made once. */
  createSession(params: Params<'session.create'>): Promise<string>
  /**
   * Opens a session: its events come once, in order, from `afterSeq` on, through any number of deaths of the gateway.
   * Rejects with the gateway's `RpcError`, and then nothing is open.
   */
  openSession(sessionId: string, options: OpenOptions): Promise<ClientSession>
  /** Asks the gateway. Waits while it recovers; asked again of the next one only if that does no harm. */
  request<M extends Method>(method: M, params: Params<M>): Promise<Result<M>>
  /** After giving up, or in the pause before the next try: tries again at once, with a fresh budget. */
  retry(): void
  /** Ends the line, and with it a gateway that was started for it. Sessions run on. */
  close(reason?: string): Promise<void>
}

/** Whether it does no harm twice: what was typed twice is not the same as once, nor are two sessions. */
function isRepeatable<M extends Method>(method: M, params: Params<M>): boolean {
  if (method === 'session.create') return (params as Params<'session.create'>).session_id !== undefined
  return method !== 'session.input' && method !== 'attach.start' && method !== 'session.interrupt'
}

/** A gateway that cannot be started, however often one tries. */
const notStartable: ReadonlySet<string | undefined> = new Set(['ENOENT', 'EACCES', 'ENOTDIR', 'ENOEXEC'])

/** A client of a gateway that may die. It starts the gateway with the first request. */
export function createClient(options: ClientOptions): Client {
  const {gateway, onStatus, onWarning} = options
  const sessions = new Map<string, OpenedSession>()

  const supervisor = supervise<Connection, CloseReason>({
    async start(generation, signal) {
      const line = await openGatewayConnection(await gateway.connect(generation, signal), take, signal)
      gateway.onOpen?.(() => line.value.request('gateway.ping', {}))
      // Before anybody else may send: the sessions go on where they stopped.
      try {
        await Promise.all([...sessions.values()].map((session) => session.resume(line.value)))
      } catch (error) {
        void line.close('its sessions could not be resumed')
        throw error
      }
      return line
    },
    isStartable: (error) => {
      if (error instanceof PeerGoneError) return !notStartable.has(error.reason.errno)
      return !(error instanceof GatewayMismatchError) && (gateway.isStartable?.(error) ?? true)
    },
    plan: gateway.plan?.bind(gateway),
    onStatus(status) {
      for (const session of sessions.values()) session.setLine(status)
      onStatus?.(status)
    },
  })

  const warn = (message: string) => callOut(() => onWarning?.(message))

  /** Leads an event to its session; one of a session that is not open is of no use to anybody. */
  const take = (wire: unknown) => {
    const event = readEvent(wire, warn)
    if (event !== undefined && 'session_id' in event) sessions.get(event.session_id)?.take(event, wire)
  }

  const request = async <M extends Method>(method: M, params: Params<M>): Promise<Result<M>> => {
    for (;;) {
      const connection = await supervisor.current()
      try {
        return parseResult(method, await connection.request(method, params))
      } catch (error) {
        if (!isPeerGone(error) || !isRepeatable(method, params)) throw error
        // A connection is gone a moment before its end is told; until then the supervisor would give the same one again.
        await connection.closed
      }
    }
  }

  return {
    get status() {
      return supervisor.status as ClientStatus
    },
    request,
    async createSession({session_id = createSessionId(), ...params}) {
      return (await request('session.create', {...params, session_id})).session_id
    },
    async openSession(sessionId, openOptions) {
      if (sessions.has(sessionId)) throw new TypeError(`Expected session ${sessionId} to be opened once, it is open`)
      const opened = createClientSession(sessionId, openOptions, {
        request,
        onWarning: warn,
        onEnd() {
          // By now the same session may have been opened anew.
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
      opened.setLine(supervisor.status as ClientStatus)
      return opened.session
    },
    retry: () => supervisor.retry(),
    close: (reason = 'the client was closed') => supervisor.close(reason),
  }
}
