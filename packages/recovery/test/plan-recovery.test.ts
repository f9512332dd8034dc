import {describe, expect, test} from 'vitest'
import {type LifeEvent, planRecovery, type RecoveryOptions, type RecoveryPlan} from '@holdfast/recovery'

import {createRandom} from './fixtures/random.ts'

const second = 1000
const start = (at: number): LifeEvent => ({kind: 'start', at})
const ready = (at: number): LifeEvent => ({kind: 'ready', at})
const end = (at: number): LifeEvent => ({kind: 'end', at})
const requestedEnd = (at: number): LifeEvent => ({kind: 'end', at, requested: true})
const retry = (at: number): LifeEvent => ({kind: 'retry', at})
/** Starts, comes up, and dies, `times` times, a second apart. */
const crashes = (times: number, from = 0): LifeEvent[] =>
  Array.from({length: times}, (_, index) => from + index * second).flatMap((at) => [
    start(at),
    ready(at),
    end(at + 500),
  ])

const restart = (attempt: number, delayMs: number, of = 3): RecoveryPlan => ({kind: 'restart', delayMs, attempt, of})
const giveUp = (attempts: number): RecoveryPlan => ({kind: 'give-up', reason: 'budget', attempts})

const table: {title: string; history: LifeEvent[]; now: number; options?: RecoveryOptions; plan: RecoveryPlan}[] = [
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
  })
})

describe('whatever dies, and whenever', () => {
  test('no window holds more restarts than it may, and an hour of peace is always a way out', () => {
    const random = createRandom(1)
    for (let round = 0; round < 200; round += 1) {
      const maxRestarts = random.below(5)
      const options: RecoveryOptions = {maxRestarts, windowMs: 10_000, healthyMs: 10_000}
      const history: LifeEvent[] = []
      const restarts: number[] = []
      let now = 0
      for (let death = 0; death < 40; death += 1) {
        history.push(start(now), ...(random.below(2) ? [ready(now)] : []))
        now += random.below(6000)
        history.push(end(now))
        const plan = planRecovery(history, now, options)
        if (plan.kind === 'give-up') break
        now += plan.delayMs
        restarts.push(now)
      }
      for (const from of restarts) {
        expect(restarts.filter((at) => at >= from && at < from + 10_000).length).toBeLessThanOrEqual(maxRestarts)
      }
      expect(planRecovery([...history, retry(now)], now, options)).toMatchObject({kind: 'restart', attempt: 0})
      if (maxRestarts > 0) expect(planRecovery(history, now + 3_600_000, options)).toMatchObject({attempt: 1})
    }
  })

  test('the same history gives the same plan, and is left as it was', () => {
    const history = Object.freeze(crashes(3).map((event) => Object.freeze(event)))
    expect(planRecovery(history, 2500)).toEqual(planRecovery(history, 2500))
  })
})
