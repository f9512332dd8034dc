import {fileURLToPath} from 'node:url'
import {parseArgs} from 'node:util'

import {productIn} from './product.ts'
import {runMany} from './run-many.ts'
import {runPlanted} from './run-planted.ts'

const {values} = parseArgs({
  options: {
    seed: {type: 'string', default: '1'},
    runs: {type: 'string', default: '4'},
    minutes: {type: 'string', default: '600'},
    jobs: {type: 'string', default: '4'},
    /** Only these steps of the schedule, by their numbers. */
    only: {type: 'string'},
    /** Plants bugs, and looks whether each is found. */
    planted: {type: 'boolean', default: false},
    /** Only the bugs with this in their name. */
    bug: {type: 'string', default: ''},
  },
})
const [seed, runs, minutes, jobs] = (['seed', 'runs', 'minutes', 'jobs'] as const).map((name) => {
  const text = values[name]
  if (!/^\d{1,9}$/.test(text)) throw new TypeError(`Expected --${name} to be a whole number, got \`${text}\``)
  return Number(text)
}) as [number, number, number, number]
const root = fileURLToPath(new URL('../..', import.meta.url))

process.exitCode = (values.planted ? await findPlanted() : await holdsForMany()) ? 0 : 1

async function holdsForMany(): Promise<boolean> {
  const {violations, thinPhases} = await runMany({
    product: productIn(root),
    seed,
    runs,
    minutes,
    jobs: Math.max(1, jobs),
    only: values.only?.split(',').map(Number),
    print: console.log,
  })
  return violations.length === 0 && thinPhases.length === 0
}

function findPlanted(): Promise<boolean> {
  return runPlanted({
    root,
    seed,
    runs: Math.max(runs, 300),
    jobs: Math.max(1, jobs),
    bug: values.bug,
    print: console.log,
  })
}
