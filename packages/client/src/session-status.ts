import {PeerGoneError, type CloseReason} from '@holdfast/rpc'
import type {KeeperStatus} from '@holdfast/supervisor/keeper'

/** How a session can be reached at this moment. */
export type SessionStatus =
  /** The gateway is started for the first time, or because `client.retry()` asked for it. */
  | {kind: 'starting'}
  /** Its events come, prompts are taken. */
  | {kind: 'live'}
  /** What happens in it cannot be saved at this moment: programs that print wait, and prompts are refused. */
  | {kind: 'not-saved'; why: string}
  /** Its host lives, but does not answer, as one that is stopped; what is sent waits. */
  | {kind: 'silent'; why: string}
  /** The gateway has died and is started again; prompts wait. */
  | {kind: 'recovering'; attempt: number; of: number}
  /** The gateway lives, but the session's host cannot be reached. */
  | {kind: 'detached'; why: string}
  /**
   * The gateway died too often, or cannot be started. `client.retry()` tries again. `said`: the last lines of its stderr,
   * oldest first, 3 at most.
   */
  | {kind: 'gave-up'; why: string; said: readonly string[]}
  /** The session was closed, or this client left it. */
  | {kind: 'ended'; why: string}

/** What is known of a session besides its line. */
export interface SessionFacts {
  /** Why it has ended for this client. */
  ended: string | undefined
  /** Why its host cannot be reached. */
  unavailable: string | undefined
  /** Why its host is taken for silent. */
  silent: string | undefined
  /** Why what happens in it cannot be saved. */
  notSaved: string | undefined
}

/** The one status of a session: the first that applies, so that no lesser news covers a greater. */
export function sessionStatus(line: KeeperStatus<CloseReason>, facts: SessionFacts): SessionStatus {
  if (facts.ended !== undefined) return {kind: 'ended', why: facts.ended}
  if (line.kind === 'closed') return {kind: 'ended', why: line.reason}
  if (line.kind === 'gave-up') return {kind: 'gave-up', ...lastWordsOf(line)}
  if (line.kind === 'starting') return {kind: 'starting'}
  if (line.kind === 'recovering') return {kind: 'recovering', attempt: line.attempt, of: line.of}
  if (facts.unavailable !== undefined) return {kind: 'detached', why: facts.unavailable}
  if (facts.silent !== undefined) return {kind: 'silent', why: facts.silent}
  if (facts.notSaved !== undefined) return {kind: 'not-saved', why: facts.notSaved}
  return {kind: 'live'}
}

/** How a line was lost, as far as it is known: the status of a line, or the error of a request. */
export interface LineDeath {
  end: CloseReason | undefined
  error?: unknown
}

/** Why a line was lost, in words: what its process said last, if it said something. */
export function deathOf(death: LineDeath): string {
  const {why, said} = lastWordsOf(death)
  return said.length === 0 ? why : `${why}: ${said.at(-1)}`
}

/** Why a line was lost, and the last lines that its process wrote on stderr. */
export function lastWordsOf({end, error}: LineDeath): {why: string; said: readonly string[]} {
  // A gateway that died before it greeted has an end, too.
  const reason = end ?? (error instanceof PeerGoneError ? error.reason : undefined)
  const why = reason?.message ?? (error instanceof Error ? error.message : 'the gateway could not be started')
  return {why, said: reason?.stderr ?? []}
}
