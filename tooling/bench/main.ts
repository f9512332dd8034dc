/**
 * Measures our packages, as built, beside others of their kind; turbo builds them first.
 *   npm run bench rpc              rpc and transport, over the stdio of a child
 *   npm run bench run-completion   how fast the coordinator takes what a terminal gives
 *   npm run bench tui              the app in a terminal, beside the least program of its kind
 *   npm run bench session          what the whole program costs, beside what nothing of its kind can do without
 * Options: --rounds N (5) · --output FILE (out/<name>.json beside this file: each single measurement) · --agent-tty FOLDER
 * (for run-completion: a built checkout of agent-tty, measured in the same run) · --only NAME,NAME (of session and tui)
 */
import {mkdirSync, writeFileSync} from 'node:fs'
import {cpus} from 'node:os'
import {dirname, join} from 'node:path'
import {parseArgs} from 'node:util'

import type {Goal} from './goal.ts'
import {benchRpc} from './rpc/bench-rpc.ts'
import * as rpc from './rpc/report.ts'
import {benchRunCompletion} from './run-completion/bench-run-completion.ts'
import * as runCompletion from './run-completion/report.ts'
import {benchSession, CASES} from './session/bench-session.ts'
import * as session from './session/report.ts'
import {benchTui} from './tui/bench-tui.ts'
import {WORKLOADS} from './tui/workloads.ts'
import * as tui from './tui/report.ts'

interface Report {
  measurements: readonly unknown[]
  table: string
  goals: readonly Goal[]
  /** What could not be measured, and why. */
  problems?: readonly string[]
}

const {values, positionals} = parseArgs({
  allowPositionals: true,
  options: {
    rounds: {type: 'string', default: '5'},
    output: {type: 'string'},
    only: {type: 'string'},
    'agent-tty': {type: 'string'},
  },
})
const rounds = Number(values.rounds)
interface Bench {
  /** What `--only` may name. */
  cases?: readonly string[]
  run(only: readonly string[]): Promise<Report>
}

const BENCHES: Readonly<Record<string, Bench>> = {
  rpc: {
    async run() {
      const measurements = await collect(benchRpc(rounds), ({workload, contender}) => `${workload}, ${contender}`)
      const problems = rpc.problemsOf(measurements)
      return {measurements, table: rpc.tableOf(measurements), goals: rpc.goalsOf(measurements), problems}
    },
  },
  'run-completion': {
    async run() {
      const bench = benchRunCompletion(rounds, values['agent-tty'])
      const measurements = await collect(bench, ({text, contender}) => `${text}, ${contender}`)
      return {measurements, table: runCompletion.tableOf(measurements), goals: runCompletion.goalsOf(measurements)}
    },
  },
  tui: {
    cases: Object.keys(WORKLOADS),
    async run(only) {
      const bench = benchTui(rounds, only)
      const measurements = await collect(bench, ({workload, contender}) => `${workload}, ${contender}`)
      return {measurements, table: tui.tableOf(measurements), goals: tui.goalsOf(measurements)}
    },
  },
  session: {
    cases: Object.keys(CASES),
    async run(only) {
      const measurements = await collect(benchSession(rounds, only), (each) => `${each.case}, ${each.step}`)
      return {measurements, table: session.tableOf(measurements), goals: session.goalsOf(measurements)}
    },
  },
}

const name = positionals.join(' ')
const bench = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined
const {cases = []} = bench ?? {}
const only = values.only?.split(',') ?? cases
if (!bench || !(rounds >= 1) || only.some((each) => !cases.includes(each))) {
  const names = Object.keys(BENCHES).join('` or `')
  const known = cases.length === 0 ? '' : `, \`--only\` to be of ${cases.join(', ')}`
  console.error(
    `Expected \`${names}\`, \`--rounds\` to be at least 1${known}, got \`${process.argv.slice(2).join(' ')}\``,
  )
  process.exit(2)
}
const output = values.output ?? join(import.meta.dirname, `out/${name}.json`)

const {measurements, table, goals, problems = []} = await bench.run(only)
const machine = {node: process.version, cpu: cpus()[0]?.model, cores: cpus().length, at: new Date().toISOString()}
mkdirSync(dirname(output), {recursive: true})
writeFileSync(output, `${JSON.stringify({machine, goals, measurements}, null, 2)}\n`)
console.log(`${table}\n`)
for (const problem of problems) console.log(`${problem}\n`)
for (const {isReached, text, value} of goals) console.log(`${isReached ? '✓' : '✗'} ${value.toFixed(2)}  ${text}`)
console.log(`\n${rounds} rounds on ${machine.cores} × ${machine.cpu}, Node ${machine.node}; each is in ${output}`)
process.exitCode = goals.every(({isReached}) => isReached) ? 0 : 1

async function collect<T extends {round: number}>(
  source: AsyncIterable<T>,
  describe: (each: T) => string,
): Promise<T[]> {
  const all: T[] = []
  for await (const each of source) {
    all.push(each)
    process.stderr.write(`\r${each.round} of ${rounds}: ${describe(each)}\u001b[K`)
  }
  process.stderr.write('\r\u001b[K')
  return all
}
