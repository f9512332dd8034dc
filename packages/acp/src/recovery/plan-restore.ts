/** What an attempt to bring a session back has shown. */
export type RestoreVerdict =
  | 'restored'
  /** The agent answered with an error. */
  | 'refused'
  | 'auth-required'
  /** No answer within the bound: the agent may still be at it. */
  | 'timed-out'
  /** This side did not wait for the answer. */
  | 'cancelled'
  /** The agent exited meanwhile. */
  | 'gone'

export interface RestoreFacts {
  canResume: boolean
  canLoad: boolean
  /** How many prompts this session was sent, as far as our log knows. */
  prompts: number
  /** What was tried on this instance of the agent, in order. */
  tried: readonly {by: 'resume' | 'load'; verdict: RestoreVerdict}[]
}

export type RestorePlan =
  | {kind: 'try'; by: 'resume' | 'load'}
  | {kind: 'restored'; by: 'resume' | 'load'}
  /** Nothing was ever said in this session, so that a new one forgets nothing. */
  | {kind: 'new'}
  /** Keeps the id of the session in every case: only the user gives a session up. */
  | {kind: 'stop'; reason: 'unsupported' | Exclude<RestoreVerdict, 'restored'>}

/**
 * What to do next to bring a session back. Prefers `resume`, which replays nothing, to `load`. A session that the agent has
 * refused is not replaced: the user decides that. Everything else says nothing about the session at all.
 */
export function planRestore({canResume, canLoad, prompts, tried}: RestoreFacts): RestorePlan {
  const last = tried.at(-1)
  if (last?.verdict === 'restored') return {kind: 'restored', by: last.by}
  if (last && last.verdict !== 'refused') return {kind: 'stop', reason: last.verdict}
  const untried = (by: 'resume' | 'load') => !tried.some((attempt) => attempt.by === by)
  if (canResume && untried('resume')) return {kind: 'try', by: 'resume'}
  if (canLoad && untried('load')) return {kind: 'try', by: 'load'}
  if (prompts === 0) return {kind: 'new'}
  return {kind: 'stop', reason: last ? 'refused' : 'unsupported'}
}
