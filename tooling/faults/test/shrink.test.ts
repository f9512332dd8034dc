import {expect, test} from 'vitest'

import {shrink} from '../schedule/shrink.ts'

const steps = Array.from({length: 12}, (_, index) => index)

test('finds the steps that a failure needs, wherever they are', async () => {
  const fails = async (some: readonly number[]) => some.includes(2) && some.includes(9)
  expect(await shrink(steps, fails, () => false)).toEqual([2, 9])
})

test('returns no steps for a failure that needs none', async () => {
  expect(
    await shrink(
      steps,
      async () => true,
      () => false,
    ),
  ).toEqual([])
})

test('returns the last failing steps when the time is over', async () => {
  let count = 0
  const left = await shrink(
    steps,
    async (some) => {
      count++
      return some.includes(0)
    },
    () => count >= 1,
  )
  expect(left).toEqual([0, 1, 2, 3, 4, 5])
})
