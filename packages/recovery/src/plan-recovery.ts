import type {InstanceEvent} from './instance-event.ts'
import {delayBefore, type RecoveryOptions, resolveRecovery} from './recovery-options.ts'
import {planUncounted, type RecoveryPlan, withTarget} from './recovery-plan.ts'
import {countCrashes, isChargedIn, reduceHistory} from './reduce-history.ts'

/**
 * Plans what to do after an instance has ended. Same history, same `now`, same plan.
 *
 * The history normally ends with an `end`. After a `retry` the plan is a free start; after any other event it is the plan
 * for a crash at `now`. Throws `RangeError` when an option is out of its bounds.
 */
export function planRecovery(
  history: readonly InstanceEvent[],
  now: number,
  options: RecoveryOptions = {},
): RecoveryPlan {
  const {maxRestarts, windowMs, delaysMs, healthyMs, crashLoopAfter, crashLoopDelayMs} = resolveRecovery(options)
  const reduced = reduceHistory(history, now, healthyMs)
  const attempts = reduced.crashes.filter(isChargedIn(windowMs, now)).length

  const plan = (): RecoveryPlan => {
    if (attempts >= maxRestarts) return {kind: 'give-up', reason: 'budget', attempts}
    const restart = {kind: 'restart', attempt: attempts + 1, of: maxRestarts} as const
    const delayMs = delayBefore(attempts + 1, delaysMs)
    if (countCrashes(reduced) < crashLoopAfter) return {...restart, delayMs}
    return {...restart, delayMs: Math.max(delayMs, crashLoopDelayMs), crashLoop: true}
  }
  return withTarget(planUncounted(reduced, {attempts, of: maxRestarts}) ?? plan(), reduced)
}
