import type {InstanceEvent} from './instance-event.ts'
import {type RecoveryOptions, resolveRecovery} from './recovery-options.ts'
import {isChargedIn, reduceHistory} from './reduce-history.ts'

/**
 * The events that can still matter at `now` or later, in their order. With the same options, every plan of `planRecovery`
 * is the one for the whole history, now and after any further events.
 *
 * As long as the plans are followed, it keeps at most `2 * (maxRestarts + crashLoopAfter) + 2` events, where a
 * `crashLoopAfter` of `Infinity` counts as 1.
 */
export function trimHistory(
  history: readonly InstanceEvent[],
  now: number,
  options: RecoveryOptions = {},
): InstanceEvent[] {
  const {windowMs, healthyMs, crashLoopAfter} = resolveRecovery(options)
  const {crashes, ready, target, last} = reduceHistory(history, now, healthyMs)
  const isCharged = isChargedIn(windowMs, now)
  const inLoop = crashLoopAfter === Infinity ? 1 : crashLoopAfter
  const kept: InstanceEvent[] = crashes
    .filter((crash, index) => isCharged(crash) || index >= crashes.length - inLoop)
    .flatMap(({end, settledBy}) => (settledBy ? [end, settledBy] : [end]))
  if (ready && ready !== last) kept.push(ready)
  if (!last) return kept
  if (last === kept.at(-1)) kept.pop()
  // The event that named the target may be gone.
  kept.push(target === last.target || target === undefined ? last : {...last, target})
  return kept
}
