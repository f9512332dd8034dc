import {expect, test} from 'vitest'

import {createRateLimit} from '../src/log/rate-limit.ts'

test('allows a number of events of a kind at once, and counts the others', () => {
  const limit = createRateLimit(3)
  const taken = Array.from({length: 5}, () => limit.take('exit', 0))
  expect(taken.map(({isAllowed}) => isAllowed)).toEqual([true, true, true, false, false])
  expect(limit.take('exit', 20_000)).toEqual({isAllowed: true, suppressed: 2})
  expect(limit.take('exit', 40_000)).toEqual({isAllowed: true, suppressed: 0})
})

test('allows as many more in each minute, and never more at once', () => {
  const limit = createRateLimit(3)
  const allowedAt = (now: number) =>
    Array.from({length: 9}, () => limit.take('exit', now)).filter((one) => one.isAllowed)
  expect(allowedAt(0)).toHaveLength(3)
  expect(allowedAt(20_000)).toHaveLength(1)
  expect(allowedAt(3_600_000)).toHaveLength(3)
})

test('a flood of one kind does not affect others', () => {
  const limit = createRateLimit(1)
  for (let n = 0; n < 1000; n += 1) limit.take('spawn-failed', 0)
  expect(limit.take('shutdown', 0)).toEqual({isAllowed: true, suppressed: 0})
})

test('a flood of kinds is limited, too', () => {
  const limit = createRateLimit(1)
  const allowed = Array.from({length: 1000}, (_, n) => limit.take(`kind-${n}`, 0)).filter((one) => one.isAllowed)
  expect(allowed).toHaveLength(101)
})

test('a clock that is set back allows nothing', () => {
  const limit = createRateLimit(1)
  expect(limit.take('exit', 60_000).isAllowed).toBe(true)
  expect(limit.take('exit', 0).isAllowed).toBe(false)
  expect(limit.take('exit', 59_999).isAllowed).toBe(false)
})
