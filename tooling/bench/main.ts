/**
 * Measures our packages beside others of their kind, as built.
 *   npm run bench rpc              rpc and transport, over the stdio of a child
 *   npm run bench run-completion   how fast the coordinator takes what a terminal gives
 *   npm run bench tui              the app in a terminal, beside the least program of its kind
 * Options: --rounds N (5) · --output FILE (out/<name>.json beside this file: each single measurement) · --only NAME (for tui:
 * one of its workloads) · --agent-tty FOLDER (for run-completion: a built checkout of agent-tty, measured in the same run)
 */
import {execFileSync} from 'node:child_process'
import {mkdirSync, rmSync, writeFileSync} from 'node:fs'
import {cpus} from 'node:os'
import {dirname, join} from 'node:path'
import {parseArgs} from 'node:util'

import type {Goal} from './goal.ts'
import {benchRpc} from './rpc/bench-rpc.ts'
import * as rpc from './rpc/report.ts'
import {benchRunCompletion} from './run-completion/bench-run-completion.ts'
import * as runCompletion from './run-completion/report.ts'
import {benchTui} from './tui/bench-tui.ts'
import * as tui from './tui/report.ts'

const ROOT = join(import.meta.dirname, '../..')

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
const BENCHES: Readonly<Record<string, {packages: readonly string[]; run(): Promise<Report>}>> = {
  rpc: {
    packages: ['recovery', 'rpc', 'transport'],
    async run() {
      const measurements = await collect(benchRpc(rounds), ({workload, contender}) => `${workload}, ${contender}`)
      const problems = rpc.problemsOf(measurements)
      return {measurements, table: rpc.tableOf(measurements), goals: rpc.goalsOf(measurements), problems}
    },
  },
  'run-completion': {
    packages: ['run-completion'],
    async run() {
      const bench = benchRunCompletion(rounds, values['agent-tty'])
      const measurements = await collect(bench, ({text, contender}) => `${text}, ${contender}`)
      return {measurements, table: runCompletion.tableOf(measurements), goals: runCompletion.goalsOf(measurements)}
    },
  },
  tui: {
    packages: [],
    async run() {
      execFileSync(process.execPath, ['--conditions=holdfast-source', 'build.ts'], {cwd: join(ROOT, 'apps/tui')})
      const bench = benchTui(rounds, values.only)
      const measurements = await collect(bench, ({workload, contender}) => `${workload}, ${contender}`)
      return {measurements, table: tui.tableOf(measurements), goals: tui.goalsOf(measurements)}
    },
  },
}

const name = positionals.join(' ')
const bench = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined
if (!bench || !(rounds >= 1)) {
  const names = Object.keys(BENCHES).join('` or `')
  console.error(`Expected \`${names}\`, and \`--rounds\` to be at least 1, got \`${process.argv.slice(2).join(' ')}\``)
  process.exit(2)
}
const output = values.output ?? join(import.meta.dirname, `out/${name}.json`)

for (const folder of bench.packages) build(join(ROOT, 'packages', folder))
const {measurements, table, goals, problems = []} = await bench.run()
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

/** What is measured is the JavaScript that is published. */
function build(folder: string): void {
  rmSync(join(folder, 'dist'), {recursive: true, force: true})
  execFileSync(join(ROOT, 'node_modules/.bin/tsc'), ['-p', 'tsconfig.build.json'], {cwd: folder, stdio: 'inherit'})
}
