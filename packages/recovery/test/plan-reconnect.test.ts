import * as fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {type InstanceEvent, planReconnect, type ReconnectOptions, type RecoveryPlan} from '@holdfast/recovery'

import {histories} from './fixtures/histories.ts'

const second = 1000
const start = (at: number): InstanceEvent => ({kind: 'start', at})
const ready = (at: number): InstanceEvent => ({kind: 'ready', at})
const end = (at: number): InstanceEvent => ({kind: 'end', at})
/** Attempts that fail, one a minute. */
const failures = (times: number): InstanceEvent[] =>
  Array.from({length: times}, (_, index) => index * 60 * second).flatMap((at) => [start(at), end(at)])

const attempt = (number: number, delayMs: number): RecoveryPlan => ({
  kind: 'restart',
  delayMs,
  attempt: number,
  of: Infinity,
})

const table: {title: string; history: InstanceEvent[]; options?: ReconnectOptions; plan: RecoveryPlan}[] = [
  {title: 'the first attempt comes after 1 s', history: failures(1), plan: attempt(1, 1000)},
  {title: 'the second after 2 s', history: failures(2), plan: attempt(2, 2000)},
  {title: 'the third after 4 s', history: failures(3), plan: attempt(3, 4000)},
  {title: 'the fifth after 16 s', history: failures(5), plan: attempt(5, 16_000)},
  {title: 'the sixth after 30 s', history: failures(6), plan: attempt(6, 30_000)},
  {title: 'the hundredth, too: it never gives up', history: failures(100), plan: attempt(100, 30_000)},
  {
    title: 'after a connection of a minute the delays start over',
    history: [...failures(4), start(300_000), ready(300_000), end(360_000)],
    plan: attempt(1, 1000),
  },
  {
    title: 'not after 1 ms less: a connection that is lost at once must not be retried every second',
    history: [...failures(4), start(300_000), ready(300_000), end(359_999)],
    plan: attempt(5, 16_000),
  },
  {
    title: 'a retry has no delay',
    history: [...failures(6), {kind: 'retry', at: 400_000}],
    plan: attempt(0, 0),
  },
  {
    title: 'after it the delays start over',
    history: [...failures(6), {kind: 'retry', at: 400_000}, start(400_000), end(400_001)],
    plan: attempt(1, 1000),
  },
  {
    title: 'a requested end is followed by an attempt without delay',
    history: [...failures(3), start(200_000), ready(200_000), {kind: 'end', at: 200_001, requested: true}],
    plan: attempt(0, 0),
  },
  {
    title: 'it gives up when a token is refused',
    history: [...failures(2), start(200_000), {kind: 'end', at: 200_001, startable: false}],
    plan: {kind: 'give-up', reason: 'not-startable', attempts: 2},
  },
  {
    title: 'the next connection takes up the last target',
    history: [start(0), {...ready(0), target: 's_4k'}, end(1), start(1001), end(1002)],
    plan: {...attempt(2, 2000), target: 's_4k'},
  },
  {title: 'jitter shortens the delay', history: failures(2), options: {jitter: 0.5}, plan: attempt(2, 1500)},
  {title: 'by half at most', history: failures(6), options: {jitter: 1}, plan: attempt(6, 15_000)},
  {title: 'the delays can be set', history: failures(3), options: {delaysMs: [5, 7]}, plan: attempt(3, 7)},
]

describe('planReconnect', () => {
  test.each(table)('$title', ({history, options, plan}) => {
    expect(planReconnect(history, history.at(-1)?.at ?? 0, options)).toEqual(plan)
  })

  test('after any history it tries again within 30 s, unless that is pointless', () => {
    fc.assert(
      fc.property(histories(90_000), fc.double({min: 0, max: 1, noNaN: true}), (history, jitter) => {
        const now = history.at(-1)?.at ?? 0
        const plan = planReconnect(history, now, {jitter})
        expect(planReconnect(history, now, {jitter})).toEqual(plan)
        const last = history.at(-1)
        const isPointless = last?.kind === 'end' && last.startable === false
        expect(plan.kind).toBe(isPointless ? 'give-up' : 'restart')
        if (plan.kind === 'restart') expect(plan.delayMs).toBeLessThanOrEqual(30_000)
      }),
    )
  })

  test('rejects options out of bounds', () => {
    expect(() => planReconnect([], 0, {jitter: 1.1})).toThrow(
      new RangeError('Expected `jitter` to be a number from 0 to 1, got `1.1`'),
    )
    expect(() => planReconnect([], 0, {jitter: Number.NaN})).toThrow(RangeError)
    expect(() => planReconnect([], 0, {healthyMs: 0})).toThrow(RangeError)
    expect(() => planReconnect([], 0, {delaysMs: [-1]})).toThrow(RangeError)
  })
})
