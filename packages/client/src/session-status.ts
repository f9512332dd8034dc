import {findPeerGone, type CloseReason} from '@holdfast/rpc'
import type {SupervisorStatus} from '@holdfast/supervisor/supervise'

/** Whether a session can be reached at the moment. */
export type SessionStatus =
  /** The client starts or connects to the gateway for the first time, or after `client.retry()`. */
  | {kind: 'starting'}
  /** Events arrive, and the host accepts prompts. */
  | {kind: 'live'}
  /** The host cannot save events at the moment. Programs that print wait, and the host refuses prompts. */
  | {kind: 'not-saved'; reason: string}
  /** The host is alive but does not answer, as if it were stopped. Requests wait. */
  | {kind: 'unresponsive'; reason: string}
  /** The connection was lost, and the client restarts or reconnects to the gateway. Prompts wait. */
  | {kind: 'recovering'; attempt: number; of: number}
  /** The gateway is alive, but cannot reach or start the host, or an event does not arrive. `session.retry()` tries again. */
  | {kind: 'detached'; reason: string}
  /**
   * The gateway crashed too often, or cannot be started. `client.retry()` tries again. `stderr`: the last lines that it wrote,
   * oldest first, 3 at most.
   */
  | {kind: 'gave-up'; reason: string; stderr: readonly string[]}
  /** The session is closed, or this client left it or was closed. */
  | {kind: 'ended'; reason: string}

/** What is known of a session, beside the connection. Each fact is the reason for a status of its own. */
export interface SessionFacts {
  ended: string | undefined
  unavailable: string | undefined
  unresponsive: string | undefined
  notSaved: string | undefined
}

/** The status of a session: the first that applies, so that a minor problem never hides a major one. */
export function sessionStatus(connection: SupervisorStatus<CloseReason>, facts: SessionFacts): SessionStatus {
  if (facts.ended !== undefined) return {kind: 'ended', reason: facts.ended}
  if (connection.kind === 'closed') return {kind: 'ended', reason: connection.reason}
  if (connection.kind === 'gave-up') return {kind: 'gave-up', ...lossDetails(connection)}
  if (connection.kind === 'starting') return {kind: 'starting'}
  if (connection.kind === 'recovering') return {kind: 'recovering', attempt: connection.attempt, of: connection.of}
  if (facts.unavailable !== undefined) return {kind: 'detached', reason: facts.unavailable}
  if (facts.unresponsive !== undefined) return {kind: 'unresponsive', reason: facts.unresponsive}
  if (facts.notSaved !== undefined) return {kind: 'not-saved', reason: facts.notSaved}
  return {kind: 'live'}
}

/** How a connection was lost: a `ClientStatus` with these fields, or the error of a request. */
export interface ConnectionLoss {
  end: CloseReason | undefined
  error?: unknown
}

/** How a connection was lost, in one line that ends with the last line of the gateway's stderr. */
export function describeLoss(loss: ConnectionLoss): string {
  const {reason, stderr} = lossDetails(loss)
  return stderr.length === 0 ? reason : `${reason}: ${stderr.at(-1)}`
}

/** How a connection was lost, and the last lines of the gateway's stderr. */
export function lossDetails({end, error}: ConnectionLoss): {reason: string; stderr: readonly string[]} {
  // A gateway that exits before its greeting fails the start with an error that has the reason.
  const closed = end ?? findPeerGone(error)?.reason
  const reason = closed?.message ?? (error instanceof Error ? error.message : 'the gateway could not be started')
  return {reason, stderr: closed?.stderr ?? []}
}
