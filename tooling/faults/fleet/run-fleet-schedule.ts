import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {setTimeout as delay} from 'node:timers/promises'

import {existsSync} from 'node:fs'

import {sessionPaths} from '@holdfast/event-log'

import {startFleet, type TestFleet} from '../../../apps/tui/e2e/support/fleet.ts'
import {findProcesses, waitForExit, type Process} from '../../../apps/tui/e2e/support/processes.ts'
import {until} from '../../../apps/tui/e2e/support/until.ts'
import type {BuildUnderTest} from '../session/build-under-test.ts'
import {lastSeqOf} from '../session/driven-client.ts'
import {sendSignal} from '../session/victims.ts'
import {collectFleetFacts} from './collect-fleet-facts.ts'
import {findFleetViolations} from './find-fleet-violations.ts'
import type {FleetFault, FleetSchedule} from './fleet-schedule.ts'
import {createFaultInjector} from './inject-fault.ts'
import {openFleetSession, type FleetSession} from './open-fleet-session.ts'

export interface FleetRunOptions {
  build: BuildUnderTest
  /** An empty folder with a short path: it holds sockets. */
  folder: string
  /** The path of `nats-server`. */
  program: string
  leaseMs: number
}

export interface FleetRunResult {
  violations: readonly string[]
  faults: readonly FleetFault[]
  prompts: number
  events: number
  /** How many machines have had the session, one after the other. */
  holders: number
}

/** How long all that was begun may take to end after the last fault, ms: leases run out, and hosts start. */
const timeoutMs = 90_000

/** Carries a schedule out on a fleet of its own, waits until all is at rest, and checks from outside what became of it. */
export async function runFleetSchedule(schedule: FleetSchedule, options: FleetRunOptions): Promise<FleetRunResult> {
  const {build, folder, program, leaseMs} = options
  await using fleet = await startFleet({program, promise: 'replicated', leaseMs, cli: build.cli})
  const faults: FleetFault[] = []
  const errors: string[] = []
  const leftProcesses: Process[] = []
  let session: FleetSession | undefined
  try {
    session = await openFleetSession(fleet, {build, folder})
    const injector = createFaultInjector(fleet, session)
    for (const step of schedule.steps) {
      if (step.kind === 'prompt') session.submit(step.client, step.prompt)
      else if (step.kind === 'pause') await delay(step.ms)
      else if (injector.inject(step)) faults.push(step)
    }
    await injector.untilOver()
    await finish(session, fleet, build)
  } catch (error) {
    errors.push(error instanceof Error ? error.message : String(error))
  } finally {
    for (const client of session?.clients ?? []) client.expectExit()
    for (const home of session?.homes ?? []) {
      const left = await killAll(home)
      // After an error, clients are still there.
      if (errors.length === 0) leftProcesses.push(...left)
    }
  }
  if (session === undefined) return {violations: errors, faults, prompts: 0, events: 0, holders: 0}
  const facts = await collectFleetFacts(fleet, {session, folder, leftProcesses})
  const violations = [...session.observations.errors, ...errors, ...findFleetViolations(facts)]
  const holders = facts.writes.filter(({machine}, index) => machine !== facts.writes[index - 1]?.machine)
  return {violations, faults, prompts: session.submitted.size, events: facts.log.length, holders: holders.length}
}

/** Waits for the end of all prompts, closes the session, and waits until no machine has a log of its own way any more. */
async function finish(session: FleetSession, {machines}: TestFleet, build: BuildUnderTest): Promise<void> {
  const {observations, submitted, clients, env} = session
  const missing = () => [...submitted].filter((id) => !observations.ended.has(id))
  await until(() => missing().length === 0, {what: 'the end of all prompts', timeoutMs}).catch((error: Error) => {
    throw new Error(`${error.message}: ${missing().join(', ')}`, {cause: error})
  })
  await until(() => clients.every(({unaccepted}) => unaccepted.size === 0), {
    what: 'the acceptance of all prompts',
    timeoutMs,
  })
  const sessionId = observations.sessionId ?? ''
  // A machine that comes back clears away what others have taken over from it.
  const logs = () => machines.filter(({home}) => existsSync(sessionPaths(home.state, sessionId).log))
  await until(() => logs().length <= 1, {what: 'the log on one machine', timeoutMs}).catch((error: Error) => {
    throw new Error(
      `${error.message}: ${logs()
        .map(({name}) => name)
        .join(', ')}`,
      {cause: error},
    )
  })

  const close = async () => {
    const args = [build.cli, 'close', sessionId, ...fleetOptions(env)]
    const [exitCode] = (await once(spawn(process.execPath, args, {env, stdio: 'ignore'}), 'exit')) as [number | null]
    return exitCode === 0 || observations.isClosed
  }
  // While servers that were killed elect new leaders, the fleet cannot be asked.
  await until(close, {what: 'the session to be closed', timeoutMs})
  await until(
    () =>
      observations.isClosed && clients.every(({instances}) => lastSeqOf(instances.at(-1)!) >= observations.latestSeq),
    {what: 'the end of the session at every client', timeoutMs},
  )
  await Promise.all(clients.map((client) => client.close()))
  const hosts = () => machines.flatMap(({home}) => home.processes().filter(({role}) => role !== 'client'))
  await until(() => hosts().length === 0, {what: 'the end of all hosts and programs', timeoutMs: 30_000})
}

function fleetOptions(env: FleetSession['env']): readonly string[] {
  const {servers} = JSON.parse(env['HOLDFAST_FLEET_SETTINGS'] ?? '{}') as {servers: readonly string[]}
  return ['--fleet', servers.join(',')]
}

/** Kills the processes that are left, and returns them. */
async function killAll(home: string): Promise<readonly Process[]> {
  const left = findProcesses(home)
  for (const process of left) sendSignal(process, 'SIGKILL')
  await Promise.all(left.map((process) => waitForExit(process)))
  return left
}
