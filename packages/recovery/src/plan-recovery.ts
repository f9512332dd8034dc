import {countDeaths, foldHistory, isChargedIn} from './fold-history.ts'
import type {LifeEvent} from './life-event.ts'
import {pauseBefore, type RecoveryOptions, resolveRecovery} from './recovery-options.ts'
import {planUncounted, type RecoveryPlan, withTarget} from './recovery-plan.ts'

/**
 * What to do about something that has ended. Same history, same `now`, same plan.
 *
 * The history normally ends with an `end`. After any other event the plan is the one for an unasked death right `now`,
 * except after a `retry`, which is planned as what it is: a free start.
 * Throws `RangeError` when an option is out of its bounds.
 */
export function planRecovery(history: readonly LifeEvent[], now: number, options: RecoveryOptions = {}): RecoveryPlan {
  const {maxRestarts, windowMs, delaysMs, healthyMs, chainDeaths, chainDelayMs} = resolveRecovery(options)
  const folded = foldHistory(history, now, healthyMs)
  const attempts = folded.deaths.filter(isChargedIn(windowMs, now)).length

  const plan = (): RecoveryPlan => {
    if (attempts >= maxRestarts) return {kind: 'give-up', reason: 'budget', attempts}
    const restart = {kind: 'restart', attempt: attempts + 1, of: maxRestarts} as const
    const delayMs = pauseBefore(attempts + 1, delaysMs)
    if (countDeaths(folded) < chainDeaths) return {...restart, delayMs}
    return {...restart, delayMs: Math.max(delayMs, chainDelayMs), chain: true}
  }
  return withTarget(planUncounted(folded, {attempts, of: maxRestarts}) ?? plan(), folded)
}
