/** The fault harness, described in docs/durability.md. */
import {join} from 'node:path'
import {parseArgs} from 'node:util'

import {runDamaged} from './damage/run-damaged.ts'
import {runFleet} from './fleet/run-fleet.ts'
import {runPlanted} from './planted/run-planted.ts'
import {raceShells} from './races/race-session.ts'
import {runRaces} from './races/run-races.ts'
import {runMany} from './run/run-many.ts'
import {findBuild} from './session/build-under-test.ts'

const {values} = parseArgs({
  options: {
    seed: {type: 'string', default: '1'},
    runs: {type: 'string', default: '6'},
    minutes: {type: 'string', default: '600'},
    jobs: {type: 'string', default: '4'},
    /** Carries out only these steps of the schedule, by their indexes. */
    only: {type: 'string'},
    /** Runs only sessions with a coding agent, and damages no logs. */
    agents: {type: 'boolean', default: false},
    /** Plants bugs in copies of the sources, and checks that each is found. */
    planted: {type: 'boolean', default: false},
    /** Plants only the bugs whose names contain this. */
    bug: {type: 'string', default: ''},
    /** Only damages logs at random, and checks what users are shown. */
    damage: {type: 'boolean', default: false},
    /** Only runs each race this often in each shell that it concerns, and counts its failures. */
    races: {type: 'boolean', default: false},
    /** Only the races whose names contain this. */
    race: {type: 'string', default: ''},
    /** Only runs a session of a fleet, and does it to servers and machines, too. */
    fleet: {type: 'boolean', default: false},
    /** Only in this shell. */
    shell: {type: 'string'},
  },
})
const [seed, runs, minutes, jobs] = [values.seed, values.runs, values.minutes, values.jobs].map((text) => {
  if (!/^\d{1,9}$/.test(text)) throw new TypeError(`Expected a whole number, got \`${text}\``)
  return Number(text)
}) as [number, number, number, number]
const root = join(import.meta.dirname, '../..')
const common = {seed, jobs: Math.max(1, jobs), print: console.log}

if (values.planted) {
  const allFound = await runPlanted({...common, root, runs: Math.max(runs, 300), bug: values.bug})
  process.exitCode = allFound ? 0 : 1
} else if (values.fleet) {
  const only = values.only?.split(',').map(Number)
  const {violations} = await runFleet({seed, print: console.log, build: findBuild(root), runs, minutes, only})
  process.exitCode = violations.length === 0 ? 0 : 1
} else if (values.races) {
  const {race, shell: name} = values
  const shell = raceShells.find((each) => each === name)
  if (name !== undefined && shell === undefined) {
    throw new TypeError(`Expected one of ${raceShells.join(', ')}, got \`${name}\``)
  }
  const {found} = await runRaces({...common, cli: findBuild(root).cli, runs, race, shell})
  process.exitCode = found.length === 0 ? 0 : 1
} else {
  const only = values.only?.split(',').map(Number)
  const build = findBuild(root)
  let allRight = true
  if (!values.damage) {
    const answerer = values.agents ? 'agent' : undefined
    const {violations, rarePhases} = await runMany({...common, build, runs, minutes, answerer, only})
    allRight = violations.length + rarePhases.length === 0
  }
  if (only === undefined && !values.agents && allRight)
    allRight = (await runDamaged({...common, cli: build.cli, runs})).wrong.length === 0
  process.exitCode = allRight ? 0 : 1
}
// Node 24.21 was seen to spin in its clean-up after ten runs of a fleet: it waited for a request of a socket that never ended.
process.exit()
