import {expect, test} from 'vitest'

import type {Measurement} from '../rpc/bench-rpc.ts'
import {goalsOf, problemsOf, tableOf} from '../rpc/report.ts'

const requests = 'requests per second'
const big = 'ms for a message of 30 MiB'

const measured = (contender: string, ...values: number[]): Measurement[] =>
  values.map((value, index) => ({round: index + 1, contender, workload: requests, value}))

const measurements: Measurement[] = [
  ...measured('limit', 100_000, 300_000, 200_000),
  ...measured('limit in pieces', 400_000),
  ...measured('holdfast', 170_000, 150_000),
  ...measured('vscode-jsonrpc', 50_000),
  ...measured('acp-sdk', 90_000),
  {round: 1, contender: 'mcp-sdk', workload: big, problem: 'McpError: Connection closed'},
  {round: 2, contender: 'mcp-sdk', workload: big, problem: 'McpError: Connection closed'},
]

test('the table shows medians and their ratios to the limit', () => {
  const [, row] = tableOf(measurements).split('\n')
  expect(row).toMatch(
    /^requests per second +200,000 \(1\.00\) +400,000 \(2\.00\) +160,000 \(0\.80\) +50,000 \(0\.25\) +cannot +90,000 \(0\.45\)$/,
  )
})

test('who cannot do it is said with the reason, once', () => {
  expect(problemsOf(measurements)).toEqual([`mcp-sdk cannot: ${big}: McpError: Connection closed`])
})

test('goals are compared with the limit and with the best of the others; what was not measured is not reached', () => {
  const goals = goalsOf(measurements)
  expect(goals.slice(0, 2)).toMatchObject([
    {value: 0.8, isReached: true},
    {value: 160_000 / 90_000, isReached: false},
  ])
  expect(goals.slice(2).map(({isReached}) => isReached)).toEqual([false, false, false, false])
})
