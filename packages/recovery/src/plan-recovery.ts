import {foldHistory} from './fold-history.ts'
import type {LifeEvent} from './life-event.ts'
import {type RecoveryOptions, resolveOptions} from './recovery-options.ts'

export type RecoveryPlan =
  /** Start again after `delayMs`: restart number `attempt` of the `of` that the window allows. `attempt` 0 is free: it was asked for. */
  | {kind: 'restart'; delayMs: number; attempt: number; of: number}
  /** Leave it: `attempts` restarts within the window did not help, or no restart can. */
  | {kind: 'give-up'; reason: 'budget' | 'not-startable'; attempts: number}

/**
 * What to do about something that has ended. Same history, same `now`, same plan.
 *
 * The history normally ends with an `end`. After any other event the plan is the one for an unasked death right `now`,
 * except after a `retry`, which is planned as what it is: a free start.
 * Throws `RangeError` when an option is out of its bounds.
 */
export function planRecovery(history: readonly LifeEvent[], now: number, options: RecoveryOptions = {}): RecoveryPlan {
  const {maxRestarts, delaysMs, ...bounds} = resolveOptions(options)
  const {restarts, last} = foldHistory(history, now, bounds)
  const attempts = restarts.length
  if (isFree(last)) return {kind: 'restart', delayMs: 0, attempt: 0, of: maxRestarts}
  if (last?.kind === 'end' && last.startable === false) return {kind: 'give-up', reason: 'not-startable', attempts}
  if (attempts >= maxRestarts) return {kind: 'give-up', reason: 'budget', attempts}
  return {kind: 'restart', delayMs: delaysMs[attempts] ?? delaysMs.at(-1) ?? 0, attempt: attempts + 1, of: maxRestarts}
}

function isFree(last: LifeEvent | undefined): boolean {
  return last?.kind === 'retry' || (last?.kind === 'end' && last.requested === true)
}
