/**
 * `npm run bench rpc`: measures rpc and transport beside others of their kind, over the stdio of a child, as built.
 * Options: --rounds N (5) · --output FILE (out/rpc.json beside this file: each single measurement)
 */
import {execFileSync} from 'node:child_process'
import {mkdirSync, rmSync, writeFileSync} from 'node:fs'
import {cpus} from 'node:os'
import {dirname, join} from 'node:path'
import {parseArgs} from 'node:util'

import {benchRpc, type Measurement} from './rpc/bench-rpc.ts'
import {goalsOf, problemsOf, tableOf} from './rpc/report.ts'

const ROOT = join(import.meta.dirname, '../..')

const {values, positionals} = parseArgs({
  allowPositionals: true,
  options: {
    rounds: {type: 'string', default: '5'},
    output: {type: 'string', default: join(import.meta.dirname, 'out/rpc.json')},
  },
})
const rounds = Number(values.rounds)
if (positionals.join(' ') !== 'rpc' || !(rounds >= 1)) {
  console.error(`Expected \`rpc\`, and \`--rounds\` to be at least 1, got \`${process.argv.slice(2).join(' ')}\``)
  process.exit(2)
}

build()
const measurements: Measurement[] = []
for await (const measurement of benchRpc(rounds)) {
  measurements.push(measurement)
  process.stderr.write(`\r${measurement.round} of ${rounds}: ${measurement.workload}, ${measurement.contender}\u001b[K`)
}
process.stderr.write('\r\u001b[K')

const goals = goalsOf(measurements)
const machine = {node: process.version, cpu: cpus()[0]?.model, cores: cpus().length, at: new Date().toISOString()}
mkdirSync(dirname(values.output), {recursive: true})
writeFileSync(values.output, `${JSON.stringify({machine, goals, measurements}, null, 2)}\n`)
console.log(`${tableOf(measurements)}\n`)
for (const problem of problemsOf(measurements)) console.log(`${problem}\n`)
for (const {isReached, text, value} of goals) console.log(`${isReached ? '✓' : '✗'} ${value.toFixed(2)}  ${text}`)
console.log(
  `\n${rounds} rounds on ${machine.cores} × ${machine.cpu}, Node ${machine.node}; each is in ${values.output}`,
)
process.exitCode = goals.every(({isReached}) => isReached) ? 0 : 1

/** What is measured is the JavaScript that is published. */
function build(): void {
  for (const name of ['recovery', 'rpc', 'transport']) {
    const folder = join(ROOT, 'packages', name)
    rmSync(join(folder, 'dist'), {recursive: true, force: true})
    execFileSync(join(ROOT, 'node_modules/.bin/tsc'), ['-p', 'tsconfig.build.json'], {cwd: folder, stdio: 'inherit'})
  }
}
