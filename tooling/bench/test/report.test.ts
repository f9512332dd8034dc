import {expect, test} from 'vitest'

import {mediansOf, percentileOf, problemsOf, tableOf, type Measurement} from '../report.ts'
import {benchRpc} from '../rpc/bench-rpc.ts'
import {benchSession} from '../session/bench-session.ts'
import {benchTui} from '../tui/bench-tui.ts'

const requests = 'requests per second'
const message = 'ms for a message of 30 MiB'
const measured = (contender: string, metric: string, ...values: number[]): Measurement[] =>
  values.map((value, index) => ({round: index + 1, contender, metric, value}))

const failed = {contender: 'mcp-sdk', metric: message, problem: 'McpError: Connection closed'}
const measurements: Measurement[] = [
  ...measured('holdfast', requests, 170_000, 150_000),
  ...measured('baseline', requests, 100_000, 300_000, 200_000),
  ...measured('acp-sdk', requests, 90_000),
  ...measured('mcp-sdk', requests, 50_000),
  {round: 1, ...failed},
  {round: 2, ...failed},
]

test('the table has the medians in the order of the contenders, and their ratios to the first one', () => {
  const contenders = ['baseline', 'holdfast', 'vscode-jsonrpc', 'mcp-sdk', 'acp-sdk']
  expect(tableOf(measurements, contenders).split('\n')).toEqual([
    expect.stringMatching(/^median +baseline +holdfast \(ratio\) +mcp-sdk \(ratio\) +acp-sdk \(ratio\)$/),
    expect.stringMatching(/^requests per second +200,000 +160,000 \(0\.80\) +50,000 \(0\.25\) +90,000 \(0\.45\)$/),
    expect.stringMatching(/^ms for a message of 30 MiB +– +– +– +–$/),
  ])
})

test('a failure is reported with its reason, once', () => {
  expect(problemsOf(measurements)).toEqual([`mcp-sdk failed: ${message}: McpError: Connection closed`])
})

test('rpc is compared with the baseline and with the best of the others', () => {
  expect(benchRpc.goals(mediansOf(measurements)).slice(0, 3)).toMatchObject([
    {value: 0.8, isReached: true},
    {value: 160_000 / 90_000, isReached: false},
    {value: NaN, isReached: false},
  ])
})

test('the goals of a session are ratios of the medians of its figures', () => {
  const starts = [
    ...measured('holdfast', 'run-true: ms for `holdfast run -- true` on a running session', 70, 90, 60),
    ...measured('holdfast', 'run-true: ms for a bare node that exits at once', 40, 30, 20),
  ]
  const goals = benchSession.goals(mediansOf(starts)).filter(({value}) => !Number.isNaN(value))
  expect(goals).toEqual([
    {text: '`holdfast run -- true`: time, ratio to a bare node, at most 2.4', value: 70 / 30, isReached: true},
  ])
})

test('the CPU at rest is a sum over all three processes, and NaN if one was not measured', () => {
  const atRest = ['tui', 'gateway', 'host'].map((role) =>
    measured('holdfast', `ms of CPU a second at rest, ${role}`, 2),
  )
  const goalOf = (all: Measurement[]) => benchTui.goals(mediansOf(all)).at(-1)
  expect(goalOf(atRest.flat())).toMatchObject({value: 6, isReached: false})
  expect(goalOf(atRest.slice(1).flat())).toMatchObject({value: NaN})
})

test('five of a hundred values are above the 95th percentile', () => {
  expect(
    percentileOf(
      Array.from({length: 100}, (_, index) => 100 - index),
      0.95,
    ),
  ).toBe(95)
  expect(percentileOf([], 0.95)).toBe(NaN)
})
