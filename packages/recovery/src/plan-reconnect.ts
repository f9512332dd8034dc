import type {InstanceEvent} from './instance-event.ts'
import {delayBefore, type ReconnectOptions, resolveReconnect} from './recovery-options.ts'
import {planUncounted, type RecoveryPlan, withTarget} from './recovery-plan.ts'
import {countCrashes, reduceHistory} from './reduce-history.ts'

/**
 * Plans when to connect again to a server that this program does not start: after 1 s, 2 s, 4 s … 30 s, and then every
 * 30 s without end, since the server may come back by itself. The delays start over after a healthy connection, not after
 * one that is lost at once: that would be reconnected every second. Gives up only after `startable: false`, such as for a
 * refused token. Same history, same `now`, same plan.
 *
 * `attempt` counts from 1 since the last healthy connection or retry, `of` is `Infinity`. After a requested end and after a
 * retry, the attempt has no delay. Throws `RangeError` when an option is out of its bounds.
 */
export function planReconnect(
  history: readonly InstanceEvent[],
  now: number,
  options: ReconnectOptions = {},
): RecoveryPlan {
  const {delaysMs, healthyMs, jitter} = resolveReconnect(options)
  const reduced = reduceHistory(history, now, healthyMs)
  const attempt = countCrashes(reduced)
  const delayMs = delayBefore(attempt, delaysMs) * (1 - jitter / 2)
  const uncounted = planUncounted(reduced, {attempts: attempt - 1, of: Infinity})
  return withTarget(uncounted ?? {kind: 'restart', delayMs, attempt, of: Infinity}, reduced)
}
