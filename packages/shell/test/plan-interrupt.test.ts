import {expect, test} from 'vitest'

import {planInterrupt, type PastInterrupt} from '../src/plan-interrupt.ts'

/** The steps of interrupts at these times, of a program that printed at those. */
function steps(times: readonly number[], answers: readonly number[] = []): string[] {
  let past: PastInterrupt | undefined
  return times.map((now) => {
    past = planInterrupt(past, answers.findLast((at) => at <= now) ?? -Infinity, now)
    return past.step
  })
}

test('what does not answer is asked harder each time', () => {
  expect(steps([0, 500, 1000, 1500, 2000])).toEqual(['byte', 'SIGINT', 'SIGTERM', 'SIGKILL', 'SIGKILL'])
})

test('a key that is held down is one for a while', () => {
  expect(steps([0, 30, 60, 90, 390, 420])).toEqual(['byte', 'byte', 'byte', 'byte', 'byte', 'SIGINT'])
})

test('what answers and is quiet is asked gently again', () => {
  expect(steps([0, 500, 1000, 1500], [10, 510, 1010])).toEqual(['byte', 'byte', 'byte', 'byte'])
})

test('a flood is no answer', () => {
  const flood = Array.from({length: 2000}, (_, at) => at)
  expect(steps([0, 500, 1000, 1500], flood)).toEqual(['byte', 'SIGINT', 'SIGTERM', 'SIGKILL'])
})
