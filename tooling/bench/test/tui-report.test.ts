import {expect, test} from 'vitest'

import {p95Of} from '../tui/measure-echo.ts'
import {goalsOf, tableOf} from '../tui/report.ts'
import type {Contender, Value} from '../tui/workloads.ts'

const frame = 'ms to the first frame'

const values = (contender: Contender, metric: string, ...numbers: number[]): Value[] =>
  numbers.map((value) => ({contender, metric, value}))

const starts = [
  ...values('hello-world', frame, 100, 300, 110),
  ...values('holdfast', frame, 120, 170, 900),
  ...values('holdfast', 'ms to a live session', 300),
]

test('the table has the medians of both, and their ratio where both were measured', () => {
  const [, first, second] = tableOf(starts).split('\n')
  expect(first).toMatch(/^ms to the first frame +110\.0 +170\.0 +1\.55$/)
  expect(second).toMatch(/^ms to a live session +300\.0 +$/)
})

test('goals are ratios of medians; those for which nothing was measured are left out', () => {
  expect(goalsOf(starts)).toMatchObject([
    {value: 170 / 110, isReached: false},
    {value: 300 / 110, isReached: true},
  ])
})

test('what is summed over the processes is a goal only when all of them were measured', () => {
  const atRest = ['tui', 'gateway', 'host'].map((role) => values('holdfast', `ms of CPU a second at rest, ${role}`, 2))
  expect(goalsOf(atRest.slice(1).flat())).toEqual([])
  expect(goalsOf(atRest.flat())).toMatchObject([{value: 6, isReached: false}])
})

test('of a hundred, five are above the 95th percentile', () => {
  expect(p95Of(Array.from({length: 100}, (_, index) => 100 - index))).toBe(95)
  expect(p95Of([])).toBe(NaN)
})
