import type {EphemeralEvent, LoggedEvent} from '@holdfast/protocol'
import type {CloseReason, Connection} from '@holdfast/rpc'
import type {SupervisorStatus} from '@holdfast/supervisor/supervise'

import type {ClientSession} from './client-session.ts'
import type {GatewayRequest} from './session-requests.ts'

/** What a session needs of its client. */
export interface SessionContext {
  request: GatewayRequest
  onWarning: (message: string) => void
  onEnd: () => void
}

/** A session, with the functions that its client calls. */
export interface OpenedSession {
  readonly session: ClientSession
  /** Resumes the session for the first time. */
  open(): Promise<void>
  /** Resumes it on a new connection. Rejects only where that connection is of no use to any session. */
  resume(connection: Connection): Promise<void>
  take(event: LoggedEvent | Extract<EphemeralEvent, {session_id: string}>, wire: unknown): void
  /** A message of the gateway was lost. */
  suspectLoss(): void
  setConnection(status: SupervisorStatus<CloseReason>): void
}
