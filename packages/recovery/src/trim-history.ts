import {reduceHistory, isChargedIn} from './reduce-history.ts'
import type {InstanceEvent} from './instance-event.ts'
import {type RecoveryOptions, resolveRecovery} from './recovery-options.ts'

/**
 * The events that can still matter at `now` or later, in their order. With the same options every plan of `planRecovery`,
 * now and after whatever happens next, is the one that the whole history would give.
 *
 * Where the plans are followed, at most `2 * (maxRestarts + crashLoopAfter) + 2` events are left, where a `crashLoopAfter` of
 * `Infinity` counts as 1.
 */
export function trimHistory(
  history: readonly InstanceEvent[],
  now: number,
  options: RecoveryOptions = {},
): InstanceEvent[] {
  const {windowMs, healthyMs, crashLoopAfter} = resolveRecovery(options)
  const {deaths, ready, target, last} = reduceHistory(history, now, healthyMs)
  const isCharged = isChargedIn(windowMs, now)
  const inChain = crashLoopAfter === Infinity ? 1 : crashLoopAfter
  const kept: InstanceEvent[] = deaths
    .filter((death, index) => isCharged(death) || index >= deaths.length - inChain)
    .flatMap(({end, settledBy}) => (settledBy ? [end, settledBy] : [end]))
  if (ready && ready !== last) kept.push(ready)
  if (!last) return kept
  if (last === kept.at(-1)) kept.pop()
  // The event that named the target may be gone.
  kept.push(target === last.target || target === undefined ? last : {...last, target})
  return kept
}
