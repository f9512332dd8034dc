import {existsSync, mkdtempSync, rmSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {parseArgs} from 'node:util'

import {findViolations} from './checks.ts'
import {runFaults} from './run-faults.ts'
import {victims} from './schedule.ts'

const {values} = parseArgs({options: {seed: {type: 'string', default: '1'}, kills: {type: 'string', default: '20'}}})
const [seed, kills] = [values.seed, values.kills].map((text) => {
  if (!/^\d{1,9}$/.test(text)) throw new TypeError(`Expected --seed and --kills to be whole numbers, got \`${text}\``)
  return Number(text)
}) as [number, number]
const cli = fileURLToPath(new URL('../../apps/tui/dist/cli.js', import.meta.url))
if (!existsSync(cli)) throw new Error(`Expected the built command at ${cli}: run \`npm run build\` first`)

const folder = mkdtempSync('/tmp/hf-')
const startedAt = performance.now()
console.log(`seed ${seed}, ${kills} kills`)
const {facts, faults, kills: made} = await runFaults({seed, kills, folder, cli})
const violations = [...faults, ...findViolations(facts)]

const ends = facts.log.flatMap((event) => (event.type === 'message.complete' ? [event.payload.status] : []))
const table: [string, number][] = [
  ...victims.map((victim): [string, number] => [
    `${victim} killed`,
    made.filter((kill) => kill.victim === victim).length,
  ]),
  ['prompts accepted', facts.accepted.length],
  ['prompts complete', ends.filter((status) => status === 'complete').length],
  ['prompts interrupted', ends.filter((status) => status === 'interrupted').length],
  ['events', facts.log.length],
  ['seconds', Math.round((performance.now() - startedAt) / 1000)],
]
for (const [name, value] of table) console.log(`${name.padEnd(20)}${String(value).padStart(5)}`)
if (violations.length > 0) {
  console.error([`${violations.length} violations; what is left is in ${folder}`, ...violations].join('\n'))
  process.exitCode = 1
} else {
  console.log('all that was promised held')
  rmSync(folder, {recursive: true})
}
