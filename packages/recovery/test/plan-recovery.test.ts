import * as fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {type InstanceEvent, planRecovery, type RecoveryOptions, type RecoveryPlan} from '@holdfast/recovery'

import {histories, lives} from './fixtures/histories.ts'

const second = 1000
const start = (at: number): InstanceEvent => ({kind: 'start', at})
const ready = (at: number): InstanceEvent => ({kind: 'ready', at})
const end = (at: number): InstanceEvent => ({kind: 'end', at})
const requestedEnd = (at: number): InstanceEvent => ({kind: 'end', at, requested: true})
const retry = (at: number): InstanceEvent => ({kind: 'retry', at})
/** Starts, comes up, and dies, `times` times, a second apart. */
const crashes = (times: number, from = 0): InstanceEvent[] =>
  Array.from({length: times}, (_, index) => from + index * second).flatMap((at) => [
    start(at),
    ready(at),
    end(at + 500),
  ])

/** Starts, comes up, and dies after `lifeMs`, `times` times, each as soon as the one before has died. */
const deathsEvery = (lifeMs: number, times: number, from = 0): InstanceEvent[] =>
  Array.from({length: times}, (_, index) => from + index * lifeMs).flatMap((at) => [
    start(at),
    ready(at),
    end(at + lifeMs),
  ])

const restart = (attempt: number, delayMs: number, of = 3) => ({kind: 'restart' as const, delayMs, attempt, of})
const chained = (attempt: number, delayMs = 30_000): RecoveryPlan => ({...restart(attempt, delayMs), crashLoop: true})
const giveUp = (attempts: number): RecoveryPlan => ({kind: 'give-up', reason: 'budget', attempts})

const table: {title: string; history: InstanceEvent[]; now: number; options?: RecoveryOptions; plan: RecoveryPlan}[] = [
  {title: 'the first restart is at once', history: crashes(1), now: 500, plan: restart(1, 0)},
  {title: 'the second waits half a second', history: crashes(2), now: 1500, plan: restart(2, 500)},
  {title: 'the third waits two seconds', history: crashes(3), now: 2500, plan: restart(3, 2000)},
  {title: 'a fourth in the same minute is not made', history: crashes(4), now: 3500, plan: giveUp(3)},
  {title: 'a death before it was ready counts as well', history: [start(0), end(1)], now: 1, plan: restart(1, 0)},
  {
    title: 'a restart leaves the window after exactly 60 s',
    history: crashes(4),
    now: 61 * second,
    plan: restart(3, 2000),
  },
  {title: 'four deaths are no chain', history: deathsEvery(20_000, 4), now: 80_000, plan: restart(3, 2000)},
  {title: 'five deaths without a healthy minute are', history: deathsEvery(20_000, 5), now: 100_000, plan: chained(3)},
  {
    title: 'so they are with long pauses between them',
    history: Array.from({length: 5}, (_, index) => deathsEvery(second, 1, index * 3_600_000)).flat(),
    now: 4 * 3_600_000 + second,
    plan: chained(2),
  },
  {
    title: 'a healthy minute breaks a chain',
    history: [...deathsEvery(20_000, 5), start(130_000), ready(130_000), end(190_000)],
    now: 190_000,
    plan: restart(1, 0),
  },
  {
    title: '1 ms less does not',
    history: [...deathsEvery(20_000, 5), start(130_000), ready(130_000), end(189_999)],
    now: 189_999,
    plan: chained(2),
  },
  {
    title: 'a chain is noticed while the fifth life still goes on, too',
    history: deathsEvery(20_000, 5).slice(0, -1),
    now: 100_000,
    plan: chained(3),
  },
  {
    title: 'a requested end neither makes a chain nor breaks one',
    history: [...deathsEvery(20_000, 4), start(80_000), requestedEnd(81_000), ...deathsEvery(20_000, 1, 81_000)],
    now: 101_000,
    plan: chained(3),
  },
  {
    title: 'ten requested ends are no chain',
    history: [...Array.from({length: 10}, (_, at) => [start(at), requestedEnd(at)]).flat(), start(10), end(11)],
    now: 11,
    plan: restart(1, 0),
  },
  {
    title: 'a retry breaks a chain',
    history: [...deathsEvery(20_000, 5), retry(100_000), start(100_000), end(100_001)],
    now: 100_001,
    plan: restart(1, 0),
  },
  {
    title: 'a chain has no more restarts in a minute than it may',
    history: crashes(6),
    now: 5500,
    options: {maxRestarts: 5},
    plan: giveUp(5),
  },
  {
    title: 'a longer pause than that of the chain holds',
    history: deathsEvery(second, 2),
    now: 2000,
    options: {crashLoopAfter: 2, crashLoopDelayMs: 100},
    plan: chained(2, 500),
  },
  {
    title: 'no chain is noticed where none is wanted',
    history: deathsEvery(20_000, 9),
    now: 180_000,
    options: {crashLoopAfter: Infinity},
    plan: restart(3, 2000),
  },
  {
    title: 'what was held is what a restart takes up again',
    history: [start(0), {...ready(1), target: 's_4k'}, end(900)],
    now: 900,
    plan: {...restart(1, 0), target: 's_4k'},
  },
  {
    title: 'it survives lives that died before they held anything',
    history: [start(0), {...ready(1), target: 's_4k'}, end(900), start(900), end(950), start(1450), end(1500)],
    now: 1500,
    plan: {...restart(3, 2000), target: 's_4k'},
  },
  {
    title: 'and is still known when it was given up, so that a retry can take it up',
    history: [start(0), {...ready(1), target: 's_4k'}, ...crashes(4, 1000)],
    now: 4500,
    plan: {...giveUp(3), target: 's_4k'},
  },
  {
    title: 'nothing is taken up where nothing is left',
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
    title: 'a life that was ready for a minute restores the budget',
    history: [...crashes(3), start(3000), ready(3000), end(63_000)],
    now: 63_000,
    options: {windowMs: 600_000},
    plan: restart(1, 0),
  },
  {
    title: 'a life that was ready for 1 ms less does not',
    history: [...crashes(3), start(3000), ready(3000), end(62_999)],
    now: 62_999,
    options: {windowMs: 600_000},
    plan: giveUp(3),
  },
  {
    title: 'a long start is not a healthy life',
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
    title: 'a request during the pause makes the restart free',
    history: [start(0), end(1), requestedEnd(2), start(3), end(4)],
    now: 4,
    plan: restart(1, 0),
  },
  {
    title: 'what cannot start is not tried again',
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
  {title: 'nothing known is planned as a first death', history: [], now: 0, plan: restart(1, 0)},
  {
    title: 'no restart is made where none is allowed',
    history: crashes(1),
    now: 500,
    options: {maxRestarts: 0},
    plan: giveUp(0),
  },
  {
    title: 'the last pause holds for all that follow',
    history: crashes(4),
    now: 3500,
    options: {maxRestarts: 9, delaysMs: [1, 2]},
    plan: restart(4, 2, 9),
  },
  {
    title: 'no pauses means at once',
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

  test('refuses options that would leave the budget without a bound', () => {
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

describe('whatever dies, and whenever', () => {
  test('no window holds more restarts than it may, and in a chain there are 30 s between two', () => {
    fc.assert(
      fc.property(fc.array(lives, {maxLength: 40}), fc.nat(5), (all, maxRestarts) => {
        // As long as a healthy life, so that none can restore the budget within a window.
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

  test('there is always a way out: a retry at once, a healthy life, or an hour of peace', () => {
    fc.assert(
      fc.property(histories(90_000), (history) => {
        const now = history.at(-1)?.at ?? 0
        const fresh = {kind: 'restart', delayMs: 0, attempt: 1}
        expect(planRecovery([...history, retry(now)], now)).toMatchObject({kind: 'restart', delayMs: 0, attempt: 0})
        const afterRetry = [...history, retry(now), start(now), end(now)]
        expect(planRecovery(afterRetry, now)).toMatchObject(fresh)
        const afterHealthy = [...history, start(now), ready(now), end(now + 60_000)]
        expect(planRecovery(afterHealthy, now + 60_000)).toMatchObject(fresh)
        const afterPeace = [...history, end(now)]
        expect(planRecovery(afterPeace, now + 3_600_000)).toMatchObject({kind: 'restart', attempt: 1})
      }),
    )
  })

  test('the same history gives the same plan, and is left as it was', () => {
    fc.assert(
      fc.property(histories(90_000), fc.nat(90_000), (history, later) => {
        for (const event of history) Object.freeze(event)
        const now = (history.at(-1)?.at ?? 0) + later
        expect(planRecovery(Object.freeze(history), now)).toEqual(planRecovery(structuredClone(history), now))
      }),
    )
  })
})
