import {mkdtempSync, rmSync} from 'node:fs'

import {phases, planSchedule, type Answerer, type Phase, type Schedule} from '../schedule/schedule.ts'
import {shrink} from '../schedule/shrink.ts'
import type {BuildUnderTest} from '../session/build-under-test.ts'
import {runSchedule, type InjectedFault, type RunResult} from './run-schedule.ts'

export interface ManyRuns {
  build: BuildUnderTest
  /** The seed of the first run; each further run has the next one. */
  seed: number
  runs: number
  /** Starts no run after this time. @default no limit */
  minutes?: number
  /** Runs at the same time. Most of a run is waiting. */
  jobs: number
  /** Runs only sessions with it. @default both kinds */
  answerer?: Answerer | undefined
  /** Carries out only these steps of each schedule, by their indexes. @default all */
  only?: readonly number[] | undefined
  /** Looks for the fewest steps that fail, and keeps the folder of a failed run. @default true */
  shrinks?: boolean
  /** Which violations end the runs. @default any */
  stopsAt?: (violations: readonly string[]) => boolean
  print: (line: string) => void
}

/** With fewer kills in a phase, many runs say nothing about that phase. */
const minKillsPerPhase = 20
const manyFaults = 1000

/** How long to look for fewer steps. */
const shrinkMinutes = 3

/** How many times a shortened schedule must hold to count as one that holds: timing differs from run to run. */
const tries = 3

export interface ManyResults {
  runs: number
  /** The violations of the run that ended the runs; empty if none did. */
  violations: readonly string[]
  /** Phases with too few kills, although there were many faults. */
  rarePhases: readonly Phase[]
}

/** Runs one schedule after another until one is violated. Prints a table, and how to repeat a violation. */
export async function runMany(options: ManyRuns): Promise<ManyResults> {
  const {
    build,
    seed,
    runs,
    minutes = Infinity,
    jobs,
    answerer,
    only,
    shrinks = true,
    stopsAt = () => true,
    print,
  } = options
  const startedAt = performance.now()
  const results: RunResult[] = []
  let failed: {schedule: Schedule; violations: readonly string[]} | undefined
  let started = 0
  const work = async () => {
    while (started < runs && performance.now() - startedAt < minutes * 60_000 && failed === undefined) {
      const planned = planSchedule(seed + started++, answerer)
      const steps = only?.flatMap((index) => planned.steps[index] ?? []) ?? planned.steps
      const schedule = {...planned, steps}
      const result = await runOnce(schedule, build, shrinks)
      results.push(result)
      if (result.violations.length > 0 && stopsAt(result.violations)) {
        failed ??= {schedule, violations: result.violations}
      } else if (results.length % 50 === 0) {
        print(`${results.length} runs, ${sum(results, ({faults}) => faults.length)} faults`)
      }
    }
  }
  await Promise.all(Array.from({length: jobs}, work))
  for (const line of tableOf(results, performance.now() - startedAt)) print(line)
  if (failed !== undefined) {
    const {schedule, violations} = failed
    print([`the schedule of seed ${schedule.seed} was violated:`, ...violations].join('\n'))
    if (shrinks) await printFewestSteps(schedule, build, print)
    return {runs: results.length, violations, rarePhases: []}
  }
  const faults = results.flatMap((result) => result.faults)
  const rarePhases =
    faults.length < manyFaults ? [] : phases.filter((phase) => killsIn(phase, faults) < minKillsPerPhase)
  for (const phase of rarePhases) print(`expected at least ${minKillsPerPhase} kills in the phase ${phase}`)
  print('no violations')
  return {runs: results.length, violations: [], rarePhases}
}

async function printFewestSteps(failed: Schedule, build: BuildUnderTest, print: (line: string) => void): Promise<void> {
  const deadline = performance.now() + shrinkMinutes * 60_000
  const isOver = () => performance.now() > deadline
  const fails = async (steps: Schedule['steps']) => {
    for (let count = 0; count < tries && !isOver(); count++) {
      if ((await runOnce({...failed, steps}, build, true)).violations.length > 0) return true
    }
    return false
  }
  const steps = await shrink(failed.steps, fails, isOver)
  const indexes = steps.map((step) => failed.steps.indexOf(step))
  print(`the fewest steps that failed, of ${failed.steps.length}, with ${failed.clients} clients:`)
  steps.forEach((step, index) => print(`  ${indexes[index]} ${JSON.stringify(step)}`))
  print(`npm run faults -- --seed ${failed.seed} --runs 1 --only ${indexes.join(',')}`)
}

/** Runs one schedule in a folder of its own, and removes the folder unless `keeps` and it was violated. */
async function runOnce(schedule: Schedule, build: BuildUnderTest, keeps: boolean): Promise<RunResult> {
  const folder = mkdtempSync('/tmp/hf-')
  try {
    const result = await runSchedule(schedule, {build, folder})
    if (result.violations.length === 0 || !keeps) {
      rmSync(folder, {recursive: true, force: true})
      return result
    }
    return {...result, violations: [...result.violations, `its files are in ${folder}`]}
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return {violations: [message, `its files are in ${folder}`], faults: [], prompts: 0, events: 0}
  }
}

function tableOf(results: readonly RunResult[], ms: number): string[] {
  const faults = results.flatMap((result) => result.faults)
  const kinds = Map.groupBy(faults, ({victim, signal}) => `${victim} ${signal}`)
  const rows: [string, number][] = [
    ['runs', results.length],
    ['faults', faults.length],
    ...phases.map((phase): [string, number] => [`killed in ${phase}`, killsIn(phase, faults)]),
    ...[...kinds]
      .map(([kind, {length}]): [string, number] => [kind, length])
      .toSorted(([a], [b]) => a.localeCompare(b)),
    ['prompts', sum(results, ({prompts}) => prompts)],
    ['events', sum(results, ({events}) => events)],
    ['seconds', Math.round(ms / 1000)],
  ]
  return rows.map(([name, value]) => `${name.padEnd(20)}${String(value).padStart(8)}`)
}

function killsIn(phase: Phase, faults: readonly InjectedFault[]): number {
  return faults.filter((fault) => fault.phase === phase && fault.signal === 'SIGKILL').length
}

function sum(results: readonly RunResult[], valueOf: (result: RunResult) => number): number {
  return results.reduce((total, result) => total + valueOf(result), 0)
}
