import {afterEach, beforeEach, expect, test, vi} from 'vitest'

import {keepShortly} from '../../src/fleet/keep-shortly.ts'

beforeEach(() => void vi.useFakeTimers({toFake: ['performance']}))
afterEach(() => void vi.useRealTimers())

test('what was read is kept for a moment, also while it is being read', async () => {
  let reads = 0
  const ask = keepShortly(1000, async () => ++reads)
  expect(await Promise.all([ask(), ask()])).toEqual([1, 1])
  vi.advanceTimersByTime(1000)
  expect(await ask()).toBe(1)
  vi.advanceTimersByTime(1)
  expect(await ask()).toBe(2)
})

test('a failure is not kept', async () => {
  let reads = 0
  const ask = keepShortly(1000, async () => {
    if (++reads === 1) throw new Error('away')
    return reads
  })
  await expect(ask()).rejects.toThrow('away')
  expect(await ask()).toBe(2)
})
