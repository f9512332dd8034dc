import {mkdtempSync, rmSync} from 'node:fs'

import {NEEDS} from '../../vitest/needs.ts'
import type {BuildUnderTest} from '../session/build-under-test.ts'
import {planFleetSchedule, type FleetSchedule} from './fleet-schedule.ts'
import {runFleetSchedule, type FleetRunResult} from './run-fleet-schedule.ts'

export interface FleetRuns {
  build: BuildUnderTest
  /** The seed of the first run; each further run has the next one. */
  seed: number
  runs: number
  /** Starts no run after this time. @default no limit */
  minutes?: number
  /** Carries out only these steps of each schedule, by their indexes. @default all */
  only?: readonly number[] | undefined
  /** Which violations end the runs. @default any */
  stopsAt?: (violations: readonly string[]) => boolean
  print: (line: string) => void
}

export interface FleetResults {
  runs: number
  /** The violations of the run that ended the runs; empty if none did. */
  violations: readonly string[]
}

/** Short, so that machines lose their sessions often; long enough for a busy machine that runs all of them. */
const leaseMs = 3000

/**
 * Runs one schedule after another until one is violated, and prints a table. Never two at a time: each one
 * has three servers and three machines, whose leases should run out for no other reason than a fault.
 */
export async function runFleet(options: FleetRuns): Promise<FleetResults> {
  const {build, seed, runs, minutes = Infinity, only, stopsAt = () => true, print} = options
  const program = NEEDS['nats-server'].find()
  if (program === undefined) {
    print(NEEDS['nats-server'].skipped)
    return {runs: 0, violations: [NEEDS['nats-server'].skipped]}
  }
  const startedAt = performance.now()
  const results: FleetRunResult[] = []
  let failed: {schedule: FleetSchedule; violations: readonly string[]} | undefined
  let started = 0
  while (started < runs && performance.now() - startedAt < minutes * 60_000 && failed === undefined) {
    const planned = planFleetSchedule(seed + started++, leaseMs)
    const steps = only?.flatMap((index) => planned.steps[index] ?? []) ?? planned.steps
    const schedule = {...planned, steps}
    const result = await runOnce(schedule, {build, program, keeps: options.stopsAt === undefined})
    results.push(result)
    if (result.violations.length > 0 && stopsAt(result.violations)) failed = {schedule, violations: result.violations}
    else if (results.length % 10 === 0) print(`${results.length} runs`)
  }
  for (const [name, value] of tableOf(results, performance.now() - startedAt)) {
    print(`${name.padEnd(20)}${String(value).padStart(8)}`)
  }
  if (failed === undefined) {
    print('no violations')
    return {runs: results.length, violations: []}
  }
  print([`the schedule of seed ${failed.schedule.seed} was violated:`, ...failed.violations].join('\n'))
  failed.schedule.steps.forEach((step, index) => print(`  ${index} ${JSON.stringify(step)}`))
  print(`npm run faults -- --fleet --seed ${failed.schedule.seed} --runs 1`)
  return {runs: results.length, violations: failed.violations}
}

/** Runs a schedule in a folder of its own, and removes the folder unless `keeps` and it was violated. */
async function runOnce(
  schedule: FleetSchedule,
  {build, program, keeps}: {build: BuildUnderTest; program: string; keeps: boolean},
): Promise<FleetRunResult> {
  const folder = mkdtempSync('/tmp/hf-')
  try {
    const result = await runFleetSchedule(schedule, {build, folder, program, leaseMs})
    if (result.violations.length === 0 || !keeps) {
      rmSync(folder, {recursive: true, force: true})
      return result
    }
    return {...result, violations: [...result.violations, `its files are in ${folder}`]}
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return {violations: [message, `its files are in ${folder}`], faults: [], prompts: 0, events: 0, holders: 0}
  }
}

function tableOf(results: readonly FleetRunResult[], ms: number): [string, number][] {
  const faults = results.flatMap((result) => result.faults)
  const kinds = Map.groupBy(faults, ({victim, how}) => `${victim} ${how}`)
  const sum = (valueOf: (result: FleetRunResult) => number) =>
    results.reduce((total, result) => total + valueOf(result), 0)
  return [
    ['runs', results.length],
    ['faults', faults.length],
    ...[...kinds]
      .map(([kind, {length}]): [string, number] => [kind, length])
      .toSorted(([a], [b]) => a.localeCompare(b)),
    ['moved to a machine', sum(({holders}) => Math.max(0, holders - 1))],
    ['prompts', sum(({prompts}) => prompts)],
    ['events', sum(({events}) => events)],
    ['seconds', Math.round(ms / 1000)],
  ]
}
