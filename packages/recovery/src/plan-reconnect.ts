import {countDeaths, reduceHistory} from './reduce-history.ts'
import type {InstanceEvent} from './instance-event.ts'
import {pauseBefore, type ReconnectOptions, resolveReconnect} from './recovery-options.ts'
import {planUncounted, type RecoveryPlan, withTarget} from './recovery-plan.ts'

/**
 * When to connect again to a server that is not ours to start: after 1 s, 2 s, 4 s … 30 s, and so on for ever, as what is
 * missing may come back without our doing. The pauses begin anew only after a connection that held for a healthy while:
 * one that is made and lost at once must not be made every second. It gives up only what `startable: false` says is
 * pointless, such as a refused token. Same history, same `now`, same plan.
 *
 * `attempt` counts from 1 in each row of losses, `of` is `Infinity`. A requested end and a retry are followed by an
 * attempt at once; a retry also begins the row anew.
 * Throws `RangeError` when an option is out of its bounds.
 */
export function planReconnect(
  history: readonly InstanceEvent[],
  now: number,
  options: ReconnectOptions = {},
): RecoveryPlan {
  const {delaysMs, healthyMs, jitter} = resolveReconnect(options)
  const folded = reduceHistory(history, now, healthyMs)
  const attempt = countDeaths(folded)
  const delayMs = pauseBefore(attempt, delaysMs) * (1 - jitter / 2)
  const uncounted = planUncounted(folded, {attempts: attempt - 1, of: Infinity})
  return withTarget(uncounted ?? {kind: 'restart', delayMs, attempt, of: Infinity}, folded)
}
