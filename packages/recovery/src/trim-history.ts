import {foldHistory} from './fold-history.ts'
import type {LifeEvent} from './life-event.ts'
import {type RecoveryOptions, resolveOptions} from './recovery-options.ts'

/**
 * The events that can still matter at `now` or later, in their order. With the same options every plan, now and after
 * whatever happens next, is the one that the whole history would give.
 *
 * Where the plans are followed, at most `2 * maxRestarts + 2` events are left.
 */
export function trimHistory(history: readonly LifeEvent[], now: number, options: RecoveryOptions = {}): LifeEvent[] {
  const {restarts, ready, last} = foldHistory(history, now, resolveOptions(options))
  const kept: LifeEvent[] = restarts.flatMap(({end, start}) => [end, start])
  if (ready && ready !== last) kept.push(ready)
  if (last && last !== kept.at(-1)) kept.push(last)
  return kept
}
