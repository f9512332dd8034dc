import type {ReducedHistory} from './reduce-history.ts'

export type RecoveryPlan =
  | {
      /** Start again after `delayMs`. */
      kind: 'restart'
      delayMs: number
      /** Which restart of the `of` that are allowed; 0 is free, it was asked for. */
      attempt: number
      of: number
      /** Present in a chain: it has died often, and was not healthy once since. Worth a notice. */
      crashLoop?: true
      /** What the next life is to take up again, where events named it. */
      target?: string
    }
  | {
      /** Leave it, until a person asks for a retry. */
      kind: 'give-up'
      /** `budget`: `attempts` restarts within the window did not help. `not-startable`: none can. */
      reason: 'budget' | 'not-startable'
      attempts: number
      target?: string
    }

/** The plan where nothing is to be counted: what was asked for is done at once, what cannot start is left. */
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
