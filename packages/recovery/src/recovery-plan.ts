import type {ReducedHistory} from './reduce-history.ts'

export type RecoveryPlan =
  | {
      /** Start again after `delayMs`. */
      kind: 'restart'
      delayMs: number
      /** Counted from 1, at most `of`; 0 for a restart that was requested and does not count. */
      attempt: number
      of: number
      /** It crashed often without a healthy instance in between: tell the user. */
      crashLoop?: true
      /** What the next instance should take up again, if the events named it. */
      target?: string
    }
  | {
      /** Start nothing until a person asks for a retry. */
      kind: 'give-up'
      /** `budget`: `attempts` restarts in the window did not help. `not-startable`: no restart would help. */
      reason: 'budget' | 'not-startable'
      attempts: number
      target?: string
    }

/** The plan for events that count as no crash: restarts at once after a retry or a requested end, gives up if not startable. */
export function planUncounted(
  {last}: ReducedHistory,
  {attempts, of}: {attempts: number; of: number},
): RecoveryPlan | undefined {
  if (last?.kind === 'retry' || (last?.kind === 'end' && last.requested)) {
    return {kind: 'restart', delayMs: 0, attempt: 0, of}
  }
  if (last?.kind === 'end' && last.startable === false) return {kind: 'give-up', reason: 'not-startable', attempts}
  return undefined
}

export function withTarget(plan: RecoveryPlan, {target}: ReducedHistory): RecoveryPlan {
  return target == null ? plan : {...plan, target}
}
