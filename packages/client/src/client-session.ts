import type {Activity, LoggedEvent, ProgramInput, SessionState, Viewers} from '@holdfast/protocol'

import type {Attachment, AttachOptions} from './attachment.ts'
import type {EventsOptions} from './session-events.ts'
import type {SessionRequests} from './session-requests.ts'
import type {SessionStatus} from './session-status.ts'

/** An error that one of these callbacks throws becomes an uncaught exception; the client goes on. */
export interface OpenOptions {
  /** Delivers the events after this seq. Negative: that many of the last events. @default 0 */
  afterSeq?: number
  /** Size of the terminal, in character cells. */
  size?: {cols: number; rows: number} | undefined
  /**
   * Receives each event once, in the order of `seq`. `wire` is the event before parsing, `state` that of the session: see
   * `ClientSession`. Without this callback, the gateway sends no past events.
   */
  onEvent?: (event: LoggedEvent, wire: unknown, state: SessionState) => void
  /** Receives each new status. */
  onStatus?: (status: SessionStatus) => void
  /** Receives each new `activity`. */
  onActivity?: (activity: Activity | undefined) => void
  /** Receives each new `viewers`. */
  onViewers?: (viewers: Viewers | undefined) => void
  /** Receives what the shell prints for its prompt, each time that it waits for a command. */
  onPrompt?: (printed: Uint8Array) => void
  /** The gateway's state differs from that of the events, because one of them could not be read: `state` is the gateway's. */
  onState?: ((state: SessionState) => void) | undefined
  /** The connection was lost, and the session is resumed on the next one. Called before `onEvent` gets the missed events. */
  onRecovered?: ((recovery: Recovery) => void) | undefined
}

export interface Recovery {
  /** How the connection was lost. */
  reason: string
  /** The state of the session after all missed events. */
  state: SessionState
}

/** An open session. It outlives gateways and hosts. */
export interface ClientSession extends SessionRequests {
  readonly id: string
  /** The state after event `lastSeq`; before `openedSeq` is reached, the state after event `openedSeq`. */
  readonly state: SessionState
  readonly status: SessionStatus
  /** `seq` of the last event that this client received. */
  readonly lastSeq: number
  /** `seq` of the last event that existed when the session was opened. Later ones are new. */
  readonly openedSeq: number
  /** What the running program seems to do. A hint; `undefined` while nothing runs, or nothing is known. */
  readonly activity: Activity | undefined
  /** Who else looks at the session, and the size of its terminal; `undefined` while nothing is known. */
  readonly viewers: Viewers | undefined
  /** The latest `hidden_at` that the host has sent; 0: none yet. See `submit` and `look`. */
  readonly hiddenAt: number
  /**
   * Looks at what the running program reads at this moment; a change also reaches `onActivity`, before this resolves. A key
   * that was typed after one `hiddenAt` was known, and before `look` was called, which then leaves `hiddenAt` as it was, was
   * typed while the terminal showed it.
   */
  look(): Promise<ProgramInput>
  /**
   * The events of the session, in order and each once, until the session is closed:
   * `for await (const event of session.events())`. The loop ends after `session.closed`, and on `leave`, on `client.close` or
   * when the signal aborts. While the gateway recovers it waits. It may be as slow as it likes: at most 256 events wait in
   * memory, the rest is read from the log. Throws the gateway's `RpcError` where the log cannot be read.
   */
  events(options?: EventsOptions): AsyncIterableIterator<LoggedEvent, undefined>
  resize(size: {cols: number; rows: number}): Promise<void>
  /**
   * Attaches a terminal to the running program. The attachment survives gateways. Rejects with `notAllowed` where nothing
   * runs.
   */
  attach(options: AttachOptions): Promise<Attachment>
  /** Tries again to reach the host of a session with the status `detached`. The outcome is the next status. */
  retry(): Promise<void>
  /** Closes the session for all clients, and ends its programs. */
  close(): Promise<void>
  /** Stops following the session in this client. The session keeps running. */
  leave(): Promise<void>
}

// A registered symbol, so that two installed copies of this package recognize each other's errors.
const brand = Symbol.for('holdfast.SessionEndedError')

/** The session was closed, or this client left it, before a prompt was accepted. The prompt may have arrived. */
export class SessionEndedError extends Error {
  override name = 'SessionEndedError'
  readonly [brand] = true

  constructor(id: string, reason: string) {
    super(`Session ${id} has ended (${reason}), and the prompt may not have arrived: look into its log`)
  }
}

export function isSessionEndedError(error: unknown): error is SessionEndedError {
  return typeof error === 'object' && error !== null && brand in error
}
