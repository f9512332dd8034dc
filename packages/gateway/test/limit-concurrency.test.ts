import {expect, test} from 'vitest'

import {limitConcurrency} from '../src/limit-concurrency.ts'

test('starts work in the order of the calls, never more than the limit at a time, and goes on after a failure', async () => {
  const inTurn = limitConcurrency(3)
  const started: number[] = []
  let [running, most] = [0, 0]
  const work = (number: number) =>
    inTurn(async () => {
      started.push(number)
      most = Math.max(most, ++running)
      await new Promise(setImmediate)
      running--
      if (number % 4 === 0) throw new Error(`failed: ${number}`)
      return number
    })
  const numbers = Array.from({length: 20}, (_, index) => index)
  const outcomes = await Promise.allSettled(numbers.map(work))
  expect(started).toEqual(numbers)
  expect(most).toBe(3)
  expect(outcomes.filter(({status}) => status === 'rejected')).toHaveLength(5)
  expect(await work(21)).toBe(21)
})
