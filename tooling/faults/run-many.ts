import {mkdtempSync, rmSync} from 'node:fs'

import type {Product} from './product.ts'
import {runSchedule, type DoneFault, type RunResult} from './run-schedule.ts'
import {phases, planSchedule, type Phase, type Schedule} from './schedule.ts'
import {shrink} from './shrink.ts'

export interface ManyRuns {
  product: Product
  /** Of the first run; the next has the next. */
  seed: number
  /** At most so many runs, and minutes. */
  runs: number
  minutes: number
  /** So many at the same time: most of a run is waiting. */
  jobs: number
  /** Only these steps of each schedule, by their numbers. */
  only?: readonly number[] | undefined
  /** Whether to look for the fewest steps that fail. @default true */
  isExplained?: boolean
  /** Goes on after violations of which this is false. @default stops at any */
  isWanted?: (violations: readonly string[]) => boolean
  print: (line: string) => void
}

/** Kills in each phase, at least, in a run of so many faults: else it says nothing about that phase. */
const fewestKills = 20
const manyFaults = 1000

/** How long to look for fewer steps, minutes. */
const shrinkMinutes = 3

/** How often a shorter schedule is tried until it is taken for one that holds: faults come at random moments. */
const tries = 3

/** What came of many runs. */
export interface ManyResults {
  runs: number
  /** Of the first run that was violated in a way that is wanted; empty where none was. */
  violations: readonly string[]
  /** Phases in which too few were killed, although there were many faults. */
  thinPhases: readonly Phase[]
}

/** Runs one schedule after another, until one is violated. Prints what was done, and how to see a violation again. */
export async function runMany(options: ManyRuns): Promise<ManyResults> {
  const {product, seed, runs, minutes, jobs, only, isExplained = true, isWanted = () => true, print} = options
  const startedAt = performance.now()
  const deadline = startedAt + minutes * 60_000
  const results: RunResult[] = []
  let failed: {schedule: Schedule; result: RunResult} | undefined
  let begun = 0
  const work = async () => {
    while (begun < runs && performance.now() < deadline && failed === undefined) {
      const planned = planSchedule(seed + begun++)
      const schedule = only === undefined ? planned : {...planned, steps: only.flatMap((at) => planned.steps[at] ?? [])}
      const result = await runOnce(schedule, product, isExplained)
      results.push(result)
      if (result.violations.length > 0 && isWanted(result.violations)) failed ??= {schedule, result}
      else if (results.length % 50 === 0)
        print(`${results.length} runs, ${sum(results, ({faults}) => faults.length)} faults`)
    }
  }
  await Promise.all(Array.from({length: jobs}, work))
  for (const line of tableOf(results, performance.now() - startedAt)) print(line)
  const faults = results.flatMap((result) => result.faults)
  const thinPhases = faults.length < manyFaults ? [] : phases.filter((phase) => killsIn(phase, faults) < fewestKills)
  if (failed === undefined) {
    for (const phase of thinPhases) print(`expected at least ${fewestKills} kills in ${phase}`)
    print('all that was promised held')
    return {runs: results.length, violations: [], thinPhases}
  }
  const {schedule, result} = failed
  print([`violated by the schedule of seed ${schedule.seed}:`, ...result.violations].join('\n'))
  if (isExplained) await explain(schedule, product, print)
  return {runs: results.length, violations: result.violations, thinPhases}
}

async function explain(failed: Schedule, product: Product, print: (line: string) => void): Promise<void> {
  const until = performance.now() + shrinkMinutes * 60_000
  const isOver = () => performance.now() > until
  const fails = async (steps: Schedule['steps']) => {
    for (let count = 0; count < tries && !isOver(); count++) {
      if ((await runOnce({...failed, steps}, product, true)).violations.length > 0) return true
    }
    return false
  }
  const steps = await shrink(failed.steps, fails, isOver)
  const numbers = steps.map((step) => failed.steps.indexOf(step))
  print(`the fewest steps that were seen to fail, of ${failed.steps.length}, with ${failed.clients} clients:`)
  steps.forEach((step, index) => print(`  ${numbers[index]} ${JSON.stringify(step)}`))
  print(`npm run faults -- --seed ${failed.seed} --runs 1 --only ${numbers.join(',')}`)
}

/** One schedule in a folder of its own; `keeps`: the folder of one that was violated is left. */
async function runOnce(schedule: Schedule, product: Product, keeps: boolean): Promise<RunResult> {
  const folder = mkdtempSync('/tmp/hf-')
  try {
    const result = await runSchedule(schedule, {product, folder})
    if (result.violations.length === 0 || !keeps) {
      rmSync(folder, {recursive: true, force: true})
      return result
    }
    return {...result, violations: [...result.violations, `what is left is in ${folder}`]}
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return {violations: [why, `what is left is in ${folder}`], faults: [], prompts: 0, events: 0}
  }
}

function tableOf(results: readonly RunResult[], ms: number): string[] {
  const faults = results.flatMap((result) => result.faults)
  const victims = [...new Set(faults.map(({victim, signal}) => `${victim} ${signal}`))].toSorted()
  const rows: [string, number][] = [
    ['runs', results.length],
    ['faults', faults.length],
    ...phases.map((phase): [string, number] => [`killed in ${phase}`, killsIn(phase, faults)]),
    ...victims.map((name): [string, number] => [
      name,
      faults.filter(({victim, signal}) => `${victim} ${signal}` === name).length,
    ]),
    ['prompts', sum(results, ({prompts}) => prompts)],
    ['events', sum(results, ({events}) => events)],
    ['seconds', Math.round(ms / 1000)],
  ]
  return rows.map(([name, value]) => `${name.padEnd(20)}${String(value).padStart(8)}`)
}

function killsIn(phase: Phase, faults: readonly DoneFault[]): number {
  return faults.filter((fault) => fault.phase === phase && fault.signal === 'SIGKILL').length
}

function sum(results: readonly RunResult[], of: (result: RunResult) => number): number {
  return results.reduce((total, result) => total + of(result), 0)
}
