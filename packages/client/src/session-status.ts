import {PeerGoneError, type CloseReason} from '@holdfast/rpc'
import type {SupervisorStatus} from '@holdfast/supervisor/supervise'

/** How a session can be reached at this moment. */
export type SessionStatus =
  /** The gateway is started for the first time, or because `client.retry()` asked for it. */
  | {kind: 'starting'}
  /** Its events come, prompts are taken. */
  | {kind: 'live'}
  /** What happens in it cannot be saved at this moment: programs that print wait, and prompts are refused. */
  | {kind: 'not-saved'; reason: string}
  /** Its host lives, but does not answer, as one that is stopped; what is sent waits. */
  | {kind: 'unresponsive'; reason: string}
  /** The gateway has died and is started again; prompts wait. */
  | {kind: 'recovering'; attempt: number; of: number}
  /** The gateway lives, but the session's host cannot be reached. */
  | {kind: 'detached'; reason: string}
  /**
   * The gateway died too often, or cannot be started. `client.retry()` tries again. `stderr`: the last lines of its stderr,
   * oldest first, 3 at most.
   */
  | {kind: 'gave-up'; reason: string; stderr: readonly string[]}
  /** The session was closed, or this client left it. */
  | {kind: 'ended'; reason: string}

/** What is known of a session besides its line. */
export interface SessionFacts {
  /** Why it has ended for this client. */
  ended: string | undefined
  /** Why its host cannot be reached. */
  unavailable: string | undefined
  /** Why its host is taken for silent. */
  unresponsive: string | undefined
  /** Why what happens in it cannot be saved. */
  notSaved: string | undefined
}

/** The one status of a session: the first that applies, so that no lesser news covers a greater. */
export function sessionStatus(line: SupervisorStatus<CloseReason>, facts: SessionFacts): SessionStatus {
  if (facts.ended !== undefined) return {kind: 'ended', reason: facts.ended}
  if (line.kind === 'closed') return {kind: 'ended', reason: line.reason}
  if (line.kind === 'gave-up') return {kind: 'gave-up', ...lossDetails(line)}
  if (line.kind === 'starting') return {kind: 'starting'}
  if (line.kind === 'recovering') return {kind: 'recovering', attempt: line.attempt, of: line.of}
  if (facts.unavailable !== undefined) return {kind: 'detached', reason: facts.unavailable}
  if (facts.unresponsive !== undefined) return {kind: 'unresponsive', reason: facts.unresponsive}
  if (facts.notSaved !== undefined) return {kind: 'not-saved', reason: facts.notSaved}
  return {kind: 'live'}
}

/** How a line was lost, as far as it is known: the status of a line, or the error of a request. */
export interface ConnectionLoss {
  end: CloseReason | undefined
  error?: unknown
}

/** Why a line was lost, in words: what its process said last, if it said something. */
export function describeLoss(death: ConnectionLoss): string {
  const {reason, stderr} = lossDetails(death)
  return stderr.length === 0 ? reason : `${reason}: ${stderr.at(-1)}`
}

/** Why a line was lost, and the last lines that its process wrote on stderr. */
export function lossDetails({end, error}: ConnectionLoss): {reason: string; stderr: readonly string[]} {
  // A gateway that died before it greeted has an end, too.
  const closed = end ?? (error instanceof PeerGoneError ? error.reason : undefined)
  const reason = closed?.message ?? (error instanceof Error ? error.message : 'the gateway could not be started')
  return {reason, stderr: closed?.stderr ?? []}
}
