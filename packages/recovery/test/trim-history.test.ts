import * as fc from 'fast-check'
import {expect, test} from 'vitest'
import {type InstanceEvent, planRecovery, type RecoveryOptions, trimHistory} from '@holdfast/recovery'

import {histories} from './fixtures/histories.ts'

const short: RecoveryOptions = {maxRestarts: 3, windowMs: 1000, healthyMs: 700, delaysMs: [0, 10, 40]}
const optionSets: RecoveryOptions[] = [short, {...short, crashLoopAfter: 2}, {...short, crashLoopAfter: Infinity}]

test('a trimmed history gives the plans of the whole one, now and after any further events', () => {
  fc.assert(
    fc.property(histories(400), fc.nat(1500), fc.constantFrom(...optionSets), (whole, later, options) => {
      let trimmed: InstanceEvent[] = []
      whole.forEach((event, index) => {
        trimmed = trimHistory([...trimmed, event], event.at, options)
        for (const now of [event.at, event.at + later]) {
          expect(planRecovery(trimmed, now, options)).toEqual(planRecovery(whole.slice(0, index + 1), now, options))
        }
      })
    }),
    {numRuns: 1000},
  )
})

test.each([
  [{}, 2 * (3 + 5) + 2],
  [{crashLoopAfter: 2}, 2 * (3 + 2) + 2],
  [{crashLoopAfter: Infinity}, 2 * (3 + 1) + 2],
])('a history stays small however often it is restarted (%j)', (crashLoop, bound) => {
  const options = {...short, ...crashLoop}
  let history: InstanceEvent[] = []
  let longest = 0
  for (let at = 0; at < 100_000; at += 100) {
    const requested = planRecovery(history, at, options).kind === 'give-up'
    for (const event of [
      {kind: 'end', at, requested},
      {kind: 'start', at},
      {kind: 'ready', at},
    ] as const) {
      history = trimHistory([...history, event], at, options)
      longest = Math.max(longest, history.length)
    }
  }
  expect(longest).toBeLessThanOrEqual(bound)
})

test('drops events that cannot matter any more', () => {
  const history: InstanceEvent[] = [
    {kind: 'end', at: 0},
    {kind: 'start', at: 0},
    {kind: 'ready', at: 1},
  ]
  expect(trimHistory(history, 2, short)).toEqual(history)
  expect(trimHistory(history, 1000, short)).toEqual([{kind: 'ready', at: 1}])
})

test('keeps the target when it drops the event that named it', () => {
  const history: InstanceEvent[] = [
    {kind: 'ready', at: 0, target: 's_4k'},
    {kind: 'end', at: 700},
  ]
  expect(trimHistory(history, 700, short)).toEqual([{kind: 'end', at: 700, target: 's_4k'}])
})
