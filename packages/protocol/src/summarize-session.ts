import type {Activity} from './ephemeral-events.ts'
import {listedTitle, type SessionState} from './session-state.ts'
import type {SessionSummary} from './session-summary.ts'

export interface SummaryFacts {
  /** What the running program does, where that is known. */
  activity?: Activity | undefined
  latestSeq?: number | undefined
}

/** A session in a list, as far as its log and its host tell: `running`, `idle` or `closed`. Pure. */
export function summarizeSession(session: SessionState, {activity, latestSeq}: SummaryFacts = {}): SessionSummary {
  const {session_id, info, updated_at, running, closed} = session
  const {agent, cwd, created_at, one_shot, tags} = info
  const state = closed === null ? (running === null ? 'idle' : 'running') : 'closed'
  return {
    id: session_id,
    title: listedTitle(session),
    agent,
    cwd,
    created_at,
    updated_at,
    state,
    one_shot,
    tags,
    waits_for: waitsFor(session, activity),
    latest_seq: latestSeq,
  }
}

/**
 * What waits for a user, the most urgent first. `answer`: the agent asks a question. `password`: the program reads a line that
 * its terminal hides. `input`: it reads a line or a key. `agent`: the agent cannot be used, such as before a login. `queue`: prompts
 * are held, and nothing runs. Pure.
 */
export function waitsFor(
  {closed, approvals, running, agent, held}: Pick<SessionState, 'closed' | 'approvals' | 'running' | 'agent' | 'held'>,
  activity?: Pick<Activity, 'input'>,
): 'answer' | 'password' | 'input' | 'agent' | 'queue' | undefined {
  if (closed !== null) return undefined
  if (approvals.length > 0) return 'answer'
  const input = running === null ? 'none' : activity?.input
  if (input === 'hidden') return 'password'
  if (input === 'line' || input === 'key') return 'input'
  if (agent?.unavailable !== undefined) return 'agent'
  return held === null || running !== null ? undefined : 'queue'
}
