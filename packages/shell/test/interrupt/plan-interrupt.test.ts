import {expect, test} from 'vitest'

import {planInterrupt, type PastInterrupt} from '../../src/interrupt/plan-interrupt.ts'

/** The steps of interrupts at these times, for a program that printed at the times of `answers`. */
function steps(times: readonly number[], answers: readonly number[] = []): string[] {
  let past: PastInterrupt | undefined
  return times.map((now) => {
    past = planInterrupt(past, answers.findLast((at) => at <= now) ?? -Infinity, now)
    return past.step
  })
}

test('each step is stronger while the program does not answer', () => {
  expect(steps([0, 500, 1000, 1500, 2000])).toEqual(['byte', 'SIGINT', 'SIGTERM', 'SIGKILL', 'SIGKILL'])
})

test('a key held down is one press', () => {
  expect(steps([0, 30, 60, 90, 390, 420])).toEqual(['byte', 'byte', 'byte', 'byte', 'byte', 'SIGINT'])
})

test('a program that answers and is quiet gets the gentlest step again', () => {
  expect(steps([0, 500, 1000, 1500], [10, 510, 1010])).toEqual(['byte', 'byte', 'byte', 'byte'])
})

test('a flood is no answer', () => {
  const flood = Array.from({length: 2000}, (_, at) => at)
  expect(steps([0, 500, 1000, 1500], flood)).toEqual(['byte', 'SIGINT', 'SIGTERM', 'SIGKILL'])
})
