import * as fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {type InstanceEvent, planRecovery, type RecoveryOptions, type RecoveryPlan} from '@holdfast/recovery'

import {histories, instances} from './fixtures/histories.ts'

const second = 1000
const start = (at: number): InstanceEvent => ({kind: 'start', at})
const ready = (at: number): InstanceEvent => ({kind: 'ready', at})
const end = (at: number): InstanceEvent => ({kind: 'end', at})
const requestedEnd = (at: number): InstanceEvent => ({kind: 'end', at, requested: true})
const retry = (at: number): InstanceEvent => ({kind: 'retry', at})
/** A start, ready at once, a crash half a second later, `times` times, a second apart. */
const crashes = (times: number, from = 0): InstanceEvent[] =>
  Array.from({length: times}, (_, index) => from + index * second).flatMap((at) => [
    start(at),
    ready(at),
    end(at + 500),
  ])

/** A start, ready at once, a crash after `everyMs`, `times` times, each right after the one before. */
const crashesEvery = (everyMs: number, times: number, from = 0): InstanceEvent[] =>
  Array.from({length: times}, (_, index) => from + index * everyMs).flatMap((at) => [
    start(at),
    ready(at),
    end(at + everyMs),
  ])

const restart = (attempt: number, delayMs: number, of = 3) => ({kind: 'restart' as const, delayMs, attempt, of})
const inLoop = (attempt: number, delayMs = 30_000): RecoveryPlan => ({...restart(attempt, delayMs), crashLoop: true})
const giveUp = (attempts: number): RecoveryPlan => ({kind: 'give-up', reason: 'budget', attempts})

const table: {title: string; history: InstanceEvent[]; now: number; options?: RecoveryOptions; plan: RecoveryPlan}[] = [
  {title: 'the first restart is at once', history: crashes(1), now: 500, plan: restart(1, 0)},
  {title: 'the second waits half a second', history: crashes(2), now: 1500, plan: restart(2, 500)},
  {title: 'the third waits two seconds', history: crashes(3), now: 2500, plan: restart(3, 2000)},
  {title: 'there is no fourth in the same minute', history: crashes(4), now: 3500, plan: giveUp(3)},
  {title: 'a crash before it was ready counts, too', history: [start(0), end(1)], now: 1, plan: restart(1, 0)},
  {
    title: 'a restart leaves the window after exactly 60 s',
    history: crashes(4),
    now: 61 * second,
    plan: restart(3, 2000),
  },
  {title: 'four crashes are no crash loop', history: crashesEvery(20_000, 4), now: 80_000, plan: restart(3, 2000)},
  {title: 'five crashes without a healthy minute are', history: crashesEvery(20_000, 5), now: 100_000, plan: inLoop(3)},
  {
    title: 'also with long pauses in between',
    history: Array.from({length: 5}, (_, index) => crashesEvery(second, 1, index * 3_600_000)).flat(),
    now: 4 * 3_600_000 + second,
    plan: inLoop(2),
  },
  {
    title: 'a healthy minute ends a crash loop',
    history: [...crashesEvery(20_000, 5), start(130_000), ready(130_000), end(190_000)],
    now: 190_000,
    plan: restart(1, 0),
  },
  {
    title: '1 ms less does not',
    history: [...crashesEvery(20_000, 5), start(130_000), ready(130_000), end(189_999)],
    now: 189_999,
    plan: inLoop(2),
  },
  {
    title: 'a crash loop is recognized before the fifth crash, too',
    history: crashesEvery(20_000, 5).slice(0, -1),
    now: 100_000,
    plan: inLoop(3),
  },
  {
    title: 'a requested end neither makes a crash loop nor ends one',
    history: [...crashesEvery(20_000, 4), start(80_000), requestedEnd(81_000), ...crashesEvery(20_000, 1, 81_000)],
    now: 101_000,
    plan: inLoop(3),
  },
  {
    title: 'ten requested ends are no crash loop',
    history: [...Array.from({length: 10}, (_, at) => [start(at), requestedEnd(at)]).flat(), start(10), end(11)],
    now: 11,
    plan: restart(1, 0),
  },
  {
    title: 'a retry ends a crash loop',
    history: [...crashesEvery(20_000, 5), retry(100_000), start(100_000), end(100_001)],
    now: 100_001,
    plan: restart(1, 0),
  },
  {
    title: 'a crash loop keeps to the budget',
    history: crashes(6),
    now: 5500,
    options: {maxRestarts: 5},
    plan: giveUp(5),
  },
  {
    title: 'a longer delay than that of the crash loop applies',
    history: crashesEvery(second, 2),
    now: 2000,
    options: {crashLoopAfter: 2, crashLoopDelayMs: 100},
    plan: inLoop(2, 500),
  },
  {
    title: 'crash loops can be turned off',
    history: crashesEvery(20_000, 9),
    now: 180_000,
    options: {crashLoopAfter: Infinity},
    plan: restart(3, 2000),
  },
  {
    title: 'a restart takes up the last target',
    history: [start(0), {...ready(1), target: 's_4k'}, end(900)],
    now: 900,
    plan: {...restart(1, 0), target: 's_4k'},
  },
  {
    title: 'the target survives instances that crashed before they took it up',
    history: [start(0), {...ready(1), target: 's_4k'}, end(900), start(900), end(950), start(1450), end(1500)],
    now: 1500,
    plan: {...restart(3, 2000), target: 's_4k'},
  },
  {
    title: 'and giving up, so that a retry can take it up',
    history: [start(0), {...ready(1), target: 's_4k'}, ...crashes(4, 1000)],
    now: 4500,
    plan: {...giveUp(3), target: 's_4k'},
  },
  {
    title: '`null` removes the target',
    history: [start(0), {...ready(1), target: 's_4k'}, {...end(900), target: null}],
    now: 900,
    plan: restart(1, 0),
  },
  {
    title: 'a restart is still in the window 1 ms before',
    history: crashes(4),
    now: 61 * second - 1,
    plan: giveUp(3),
  },
  {
    title: 'an instance that was ready for a minute restores the budget',
    history: [...crashes(3), start(3000), ready(3000), end(63_000)],
    now: 63_000,
    options: {windowMs: 600_000},
    plan: restart(1, 0),
  },
  {
    title: 'an instance that was ready for 1 ms less does not',
    history: [...crashes(3), start(3000), ready(3000), end(62_999)],
    now: 62_999,
    options: {windowMs: 600_000},
    plan: giveUp(3),
  },
  {
    title: 'a long start is not healthy',
    history: [...crashes(3), start(3000), end(200_000)],
    now: 200_000,
    options: {windowMs: 600_000},
    plan: giveUp(3),
  },
  {title: 'a requested end is free', history: [start(0), ready(1), requestedEnd(2)], now: 2, plan: restart(0, 0)},
  {
    title: 'a requested end is free even when the budget is used up',
    history: [...crashes(3), start(3000), requestedEnd(3500)],
    now: 3500,
    plan: restart(0, 0),
  },
  {
    title: 'ten requested restarts leave the budget whole',
    history: [
      ...Array.from({length: 10}, (_, index) => [start(index), ready(index), requestedEnd(index)]).flat(),
      start(10),
      end(11),
    ],
    now: 11,
    plan: restart(1, 0),
  },
  {
    title: 'a request during the delay makes the restart free',
    history: [start(0), end(1), requestedEnd(2), start(3), end(4)],
    now: 4,
    plan: restart(1, 0),
  },
  {
    title: 'there is no restart of what is not startable',
    history: [start(0), {kind: 'end', at: 1, startable: false}],
    now: 1,
    plan: {kind: 'give-up', reason: 'not-startable', attempts: 0},
  },
  {title: 'a retry is a free start', history: [...crashes(4), retry(4000)], now: 4000, plan: restart(0, 0)},
  {
    title: 'a retry grants a fresh budget',
    history: [...crashes(4), retry(4000), start(4000), end(4100)],
    now: 4100,
    plan: restart(1, 0),
  },
  {title: 'an empty history is planned as a first crash', history: [], now: 0, plan: restart(1, 0)},
  {
    title: 'there is no restart where none is allowed',
    history: crashes(1),
    now: 500,
    options: {maxRestarts: 0},
    plan: giveUp(0),
  },
  {
    title: 'the last delay applies to all that follow',
    history: crashes(4),
    now: 3500,
    options: {maxRestarts: 9, delaysMs: [1, 2]},
    plan: restart(4, 2, 9),
  },
  {
    title: 'an empty list of delays means no delay',
    history: crashes(2),
    now: 1500,
    options: {delaysMs: []},
    plan: restart(2, 0),
  },
]

describe('planRecovery', () => {
  test.each(table)('$title', ({history, now, options, plan}) => {
    expect(planRecovery(history, now, options)).toEqual(plan)
  })

  test('rejects options that would remove a bound', () => {
    expect(() => planRecovery([], 0, {windowMs: Number.NaN})).toThrow(
      new RangeError('Expected `windowMs` to be a positive number, got `NaN`'),
    )
    expect(() => planRecovery([], 0, {maxRestarts: 1.5})).toThrow(RangeError)
    expect(() => planRecovery([], 0, {healthyMs: -1})).toThrow(RangeError)
    expect(() => planRecovery([], 0, {delaysMs: [Infinity]})).toThrow(RangeError)
    expect(() => planRecovery([], 0, {crashLoopAfter: 0})).toThrow(RangeError)
    expect(() => planRecovery([], 0, {crashLoopDelayMs: Number.NaN})).toThrow(RangeError)
  })
})

describe('in any history', () => {
  test('no window has more restarts than allowed, and in a crash loop they are 30 s apart', () => {
    fc.assert(
      fc.property(fc.array(instances, {maxLength: 40}), fc.nat(5), (all, maxRestarts) => {
        // A healthy instance takes as long as a window, so none can restore the budget within one.
        const options: RecoveryOptions = {maxRestarts, windowMs: 60_000, healthyMs: 60_000}
        const history: InstanceEvent[] = []
        const restarts: number[] = []
        let now = 0
        for (const {startMs, isReady, readyMs} of all) {
          history.push(start(now))
          if (isReady) history.push(ready((now += startMs)))
          now += readyMs
          history.push(end(now))
          const plan = planRecovery(history, now, options)
          if (plan.kind === 'give-up') break
          if (plan.crashLoop) expect(plan.delayMs).toBe(30_000)
          now += plan.delayMs
          restarts.push(now)
        }
        for (const from of restarts) {
          const inWindow = restarts.filter((at) => at >= from && at < from + 60_000)
          expect(inWindow.length).toBeLessThanOrEqual(maxRestarts)
        }
      }),
    )
  })

  test('a retry, a healthy instance, or an hour without events always allow a restart', () => {
    fc.assert(
      fc.property(histories(90_000), (history) => {
        const now = history.at(-1)?.at ?? 0
        const fresh = {kind: 'restart', delayMs: 0, attempt: 1}
        expect(planRecovery([...history, retry(now)], now)).toMatchObject({kind: 'restart', delayMs: 0, attempt: 0})
        const afterRetry = [...history, retry(now), start(now), end(now)]
        expect(planRecovery(afterRetry, now)).toMatchObject(fresh)
        const afterHealthy = [...history, start(now), ready(now), end(now + 60_000)]
        expect(planRecovery(afterHealthy, now + 60_000)).toMatchObject(fresh)
        const afterAnHour = [...history, end(now)]
        expect(planRecovery(afterAnHour, now + 3_600_000)).toMatchObject({kind: 'restart', attempt: 1})
      }),
    )
  })

  test('the same history gives the same plan, and is not modified', () => {
    fc.assert(
      fc.property(histories(90_000), fc.nat(90_000), (history, later) => {
        for (const event of history) Object.freeze(event)
        const now = (history.at(-1)?.at ?? 0) + later
        expect(planRecovery(Object.freeze(history), now)).toEqual(planRecovery(structuredClone(history), now))
      }),
    )
  })
})
