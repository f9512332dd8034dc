import {expect, test} from 'vitest'

import type {Measurement} from '../session/bench-session.ts'
import {goalsOf, tableOf} from '../session/report.ts'

const started = (step: string, figure: string, ...values: number[]): Measurement[] =>
  values.map((value, index) => ({round: index + 1, case: 'run-true', step, figures: {[figure]: value}}))

const measurements = [
  ...started('holdfast', 'ms for `holdfast run -- true` on a running session', 70, 90, 60),
  ...started('node', 'ms for a bare node that ends at once', 40, 30, 20),
]

test('each figure is shown with its median', () => {
  expect(tableOf(measurements).split('\n')).toEqual([
    expect.stringMatching(/^run-true: ms for `holdfast run -- true` on a running session +70\.0$/),
    expect.stringMatching(/^run-true: ms for a bare node that ends at once +30\.0$/),
  ])
})

test('only the goals of what was measured are judged', () => {
  expect(goalsOf(measurements)).toEqual([
    {text: '`holdfast run -- true`: time, ratio to a bare node, at most 2', value: 70 / 30, isReached: false},
  ])
})
