import type {Measurement} from './bench-rpc.ts'
import {medianOf as medianOfValues, type Goal} from '../goal.ts'
import {CONTENDERS} from './contenders.ts'
import {WORKLOADS, type WorkloadName} from './workloads.ts'

const PEERS = ['vscode-jsonrpc', 'mcp-sdk', 'acp-sdk']

/** The medians as a table: one column for each contender, and under each number its ratio to the limit. */
export function tableOf(measurements: readonly Measurement[]): string {
  const names = Object.keys(CONTENDERS)
  const rows = [['median (ratio to the limit)', ...names]]
  for (const workload of Object.keys(WORKLOADS) as WorkloadName[]) {
    const limit = medianOf(measurements, 'limit', workload)
    const cells = names.map((name) => {
      const median = medianOf(measurements, name, workload)
      return Number.isNaN(median) ? 'cannot' : `${format(median)} (${(median / limit).toFixed(2)})`
    })
    rows.push([workload, ...cells])
  }
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows
    .map((row) =>
      row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  '),
    )
    .join('\n')
}

/** Why each `cannot` of the table is one; nobody twice. */
export function problemsOf(measurements: readonly Measurement[]): string[] {
  const lines = measurements.flatMap(({contender, workload, problem}) =>
    problem === undefined ? [] : [`${contender} cannot: ${workload}: ${problem.slice(0, 200)}`],
  )
  return [...new Set(lines)]
}

export function goalsOf(measurements: readonly Measurement[]): Goal[] {
  const median = (name: string, workload: WorkloadName) => medianOf(measurements, name, workload)
  const rates = (['requests per second', 'events per second'] as const).flatMap((workload) => {
    const ours = median('holdfast', workload)
    const best = Math.max(...PEERS.map((name) => median(name, workload)).filter((value) => !Number.isNaN(value)))
    return [
      atLeast(`${workload}: ratio to the limit`, ours / median('limit', workload), 0.8),
      atLeast(`${workload}: ratio to the best of the others`, ours / best, 2),
    ]
  })
  const message = 'ms for a message of 30 MiB'
  const growth = 'MiB of growth over 2 million events'
  return [
    ...rates,
    below('a message of 30 MiB: time, ratio to the limit', median('holdfast', message) / median('limit', message), 1.5),
    below(growth, median('holdfast', growth), 20),
  ]
}

function atLeast(text: string, value: number, goal: number): Goal {
  return {text: `${text}, at least ${goal}`, value, isReached: value >= goal}
}

function below(text: string, value: number, goal: number): Goal {
  return {text: `${text}, under ${goal}`, value, isReached: value < goal}
}

function medianOf(measurements: readonly Measurement[], contender: string, workload: WorkloadName): number {
  const values = measurements.filter((each) => each.contender === contender && each.workload === workload)
  return medianOfValues(values.flatMap(({value}) => value ?? []))
}

function format(value: number): string {
  return value < 1000 ? value.toFixed(1) : Math.round(value).toLocaleString('en')
}
