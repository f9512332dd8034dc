import {countDeaths, reduceHistory, isChargedIn} from './reduce-history.ts'
import type {InstanceEvent} from './instance-event.ts'
import {pauseBefore, type RecoveryOptions, resolveRecovery} from './recovery-options.ts'
import {planUncounted, type RecoveryPlan, withTarget} from './recovery-plan.ts'

/**
 * What to do about something that has ended. Same history, same `now`, same plan.
 *
 * The history normally ends with an `end`. After any other event the plan is the one for an unasked death right `now`,
 * except after a `retry`, which is planned as what it is: a free start.
 * Throws `RangeError` when an option is out of its bounds.
 */
export function planRecovery(
  history: readonly InstanceEvent[],
  now: number,
  options: RecoveryOptions = {},
): RecoveryPlan {
  const {maxRestarts, windowMs, delaysMs, healthyMs, crashLoopAfter, crashLoopDelayMs} = resolveRecovery(options)
  const folded = reduceHistory(history, now, healthyMs)
  const attempts = folded.deaths.filter(isChargedIn(windowMs, now)).length

  const plan = (): RecoveryPlan => {
    if (attempts >= maxRestarts) return {kind: 'give-up', reason: 'budget', attempts}
    const restart = {kind: 'restart', attempt: attempts + 1, of: maxRestarts} as const
    const delayMs = pauseBefore(attempts + 1, delaysMs)
    if (countDeaths(folded) < crashLoopAfter) return {...restart, delayMs}
    return {...restart, delayMs: Math.max(delayMs, crashLoopDelayMs), crashLoop: true}
  }
  return withTarget(planUncounted(folded, {attempts, of: maxRestarts}) ?? plan(), folded)
}
