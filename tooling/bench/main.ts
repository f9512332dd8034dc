/**
 * Runs a benchmark of what turbo has built: `npm run bench rpc`, `acp`, `drive`, `fleet`, `run-completion`, `serve`, `session`, `tui` or `web`; see README.md. Options:
 *   --rounds N           5 by default
 *   --only NAME,NAME     only these cases
 *   --output FILE        every single measurement; out/NAME.json by default
 *   --agent-tty FOLDER   for run-completion and drive: a built checkout of agent-tty, measured in the same rounds; for drive, also a command
 */
import {mkdirSync, writeFileSync} from 'node:fs'
import {cpus} from 'node:os'
import {dirname, join} from 'node:path'
import {parseArgs} from 'node:util'

import {benchAcp} from './acp/bench-acp.ts'
import type {Bench} from './bench.ts'
import {benchDrive} from './drive/bench-drive.ts'
import {benchFleet} from './fleet/bench-fleet.ts'
import {mediansOf, problemsOf, tableOf, type Measurement} from './report.ts'
import {benchRpc} from './rpc/bench-rpc.ts'
import {benchRunCompletion} from './run-completion/bench-run-completion.ts'
import {benchScale} from './scale/bench-scale.ts'
import {benchServe} from './serve/bench-serve.ts'
import {benchSession} from './session/bench-session.ts'
import {benchTui} from './tui/bench-tui.ts'
import {benchWeb} from './web/bench-web.ts'

const benches = new Map<string, Bench>([
  ['acp', benchAcp],
  ['drive', benchDrive],
  ['fleet', benchFleet],
  ['rpc', benchRpc],
  ['run-completion', benchRunCompletion],
  ['scale', benchScale],
  ['serve', benchServe],
  ['session', benchSession],
  ['tui', benchTui],
  ['web', benchWeb],
])

const {values, positionals} = parseArgs({
  allowPositionals: true,
  options: {
    rounds: {type: 'string', default: '5'},
    output: {type: 'string'},
    only: {type: 'string'},
    'agent-tty': {type: 'string'},
  },
})
const name = positionals.join(' ')
const bench = benches.get(name)
if (!bench) fail(`Expected one of ${[...benches.keys()].join(', ')}, got \`${name}\``)
const rounds = Number(values.rounds)
if (!(rounds >= 1)) fail(`Expected \`--rounds\` to be at least 1, got \`${values.rounds}\``)
const only = values.only?.split(',') ?? bench.cases
const unknown = only.find((each) => !bench.cases.includes(each))
if (unknown !== undefined) fail(`Expected \`--only\` to name some of ${bench.cases.join(', ')}, got \`${unknown}\``)
const output = values.output ?? join(import.meta.dirname, `out/${name}.json`)

const measurements: Measurement[] = []
for await (const measurement of bench.measure({rounds, only, agentTty: values['agent-tty']})) {
  measurements.push(measurement)
  const {round, metric, contender} = measurement
  process.stderr.write(`\r${round} of ${rounds}: ${metric}, ${contender}\u001b[K`)
}
process.stderr.write('\r\u001b[K')

const goals = bench.goals(mediansOf(measurements)).filter(({value}) => !Number.isNaN(value))
const machine = {node: process.version, cpu: cpus()[0]?.model, cores: cpus().length, at: new Date().toISOString()}
mkdirSync(dirname(output), {recursive: true})
writeFileSync(output, `${JSON.stringify({machine, goals, measurements}, null, 2)}\n`)
console.log(`${tableOf(measurements, bench.contenders)}\n`)
for (const problem of problemsOf(measurements)) console.log(`${problem}\n`)
for (const {isReached, text, value} of goals) console.log(`${isReached ? '✓' : '✗'} ${value.toFixed(2)}  ${text}`)
console.log(`\n${rounds} rounds on ${machine.cores} × ${machine.cpu}, Node ${machine.node}; each is in ${output}`)
const hasFailed = measurements.some(({contender, problem}) => contender.includes('holdfast') && problem !== undefined)
process.exitCode = hasFailed || goals.some(({isReached}) => !isReached) ? 1 : 0

function fail(message: string): never {
  console.error(message)
  process.exit(2)
}
