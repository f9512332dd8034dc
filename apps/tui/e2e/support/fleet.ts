import {mkdtempSync, rmSync} from 'node:fs'
import {dirname} from 'node:path'

import {isFleetError, openFleet, openMachineLeases, type Fleet} from '@holdfast/fleet'

import {createServers, type NatsServer} from '../../../../packages/fleet/test/fixtures/nats-servers.ts'
import {openLine, type CuttableLine} from './cuttable-connection.ts'
import {createHome, type Home} from './home.ts'
import {isAlive, isStopped, waitForExit} from './processes.ts'
import {startServer, type Server} from './serve.ts'
import {until} from './until.ts'

/** A machine of a fleet: a home of its own, connections of its own to the servers, and `holdfast serve --fleet`. */
export interface FleetMachine {
  readonly name: string
  readonly home: Home
  /** The options by which a command on this machine reaches the fleet. */
  readonly options: readonly string[]
  /** Starts `serve`, or starts it again; resolves when it listens. */
  start(): Promise<void>
  /** Ends all of its processes at once, as a power failure does. */
  kill(): Promise<void>
  /** Stops or continues all of its processes, as a machine does that is suspended. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): Promise<void>
  /** The process of `serve`. */
  readonly serve: Server | undefined
  /** Its connections to the servers, one for each. */
  readonly lines: readonly CuttableLine[]
}

/** Three servers and some machines, until they are disposed. */
export interface TestFleet extends AsyncDisposable {
  readonly servers: readonly NatsServer[]
  readonly machines: readonly FleetMachine[]
  /** A connection of the test itself. */
  readonly fleet: Fleet
  /** How long the lease of a machine lasts, ms. */
  readonly leaseMs: number
  /** A home that is no machine of the fleet, until the fleet is disposed, and the options by which it reaches the fleet. */
  addClient(): {home: Home; options: readonly string[]}
}

export interface FleetOptions {
  /** The path of `nats-server`. */
  program: string
  promise: 'local' | 'replicated'
  /** @default 3 */
  machines?: number
  /** @default 3000 */
  leaseMs?: number
  /** The built command. @default that of this work tree */
  cli?: string
}

/** Starts the servers, then `serve` on each machine. */
export async function startFleet({
  program,
  promise,
  machines: count = 3,
  leaseMs = 3000,
  cli,
}: FleetOptions): Promise<TestFleet> {
  const folder = mkdtempSync('/tmp/hf-nats-')
  const servers = createServers({program, folder, count: 3})
  const urls = servers.map(({url}) => url)
  const machines: FleetMachine[] = []
  const homes: Home[] = []
  const lines: CuttableLine[] = []
  let fleet: Fleet | undefined

  const dispose = async () => {
    await fleet?.close()
    for (const home of homes) {
      await killAll(home)
      rmSync(dirname(home.user), {recursive: true, force: true})
    }
    await Promise.all(servers.map((server) => server.kill('SIGKILL')))
    await Promise.all(lines.map((line) => line[Symbol.asyncDispose]()))
    rmSync(folder, {recursive: true, force: true})
  }

  try {
    await Promise.all(servers.map((server) => server.start()))
    fleet = await openWhenReady(urls, promise)
    await openMachineLeases(fleet, {leaseMs})
    for (let index = 1; index <= count; index++) {
      const home = createHome(cli === undefined ? {} : {cli})
      homes.push(home)
      const own = await Promise.all(urls.map((url) => openLine(url)))
      lines.push(...own)
      machines.push(createMachine(`m${index}`, home, own))
    }
    await Promise.all(machines.map((machine) => machine.start()))
  } catch (error) {
    await dispose()
    throw error
  }
  return {
    servers,
    machines,
    fleet,
    leaseMs,
    addClient() {
      const home = createHome()
      homes.push(home)
      return {home, options: ['--fleet', urls.join(',')]}
    },
    [Symbol.asyncDispose]: dispose,
  }
}

function createMachine(name: string, home: Home, lines: readonly CuttableLine[]): FleetMachine {
  const options = ['--fleet', lines.map(({url}) => url).join(',')]
  let serve: Server | undefined
  return {
    name,
    home,
    options,
    lines,
    get serve() {
      return serve
    },
    async start() {
      serve = await startServer(home, {args: [...options, '--name', name]})
    },
    kill: () => killAll(home),
    async signal(signal) {
      // Parents stop first and go on last, so that a shell does not see its command stop, as it does not where a machine stands still.
      const oldestFirst = home.processes().toSorted((a, b) => Number(a.startTime) - Number(b.startTime))
      for (const victim of signal === 'SIGSTOP' ? oldestFirst : oldestFirst.toReversed()) {
        if (!isAlive(victim)) continue
        process.kill(victim.pid, signal)
        if (signal === 'SIGSTOP') await until(() => isStopped(victim) || !isAlive(victim), {what: 'a process to stop'})
      }
    },
  }
}

/** Kills all processes of a home, also those that start meanwhile. */
export async function killAll(home: Home): Promise<void> {
  for (let left = home.processes(); left.length > 0; left = home.processes()) {
    for (const victim of left) if (isAlive(victim)) process.kill(victim.pid, 'SIGKILL')
    await Promise.all(left.map((victim) => waitForExit(victim)))
  }
}

/** A cluster that has just started elects its leaders first. */
async function openWhenReady(urls: readonly string[], promise: 'local' | 'replicated'): Promise<Fleet> {
  const open = () =>
    openFleet(urls, {promise, timeoutMs: 5000}).catch((error: unknown) => {
      if (isFleetError(error) && ['unreachable', 'too-few-servers'].includes(error.code)) return undefined
      throw error
    })
  return until(open, {what: 'a cluster that has elected its leaders', timeoutMs: 30_000})
}
