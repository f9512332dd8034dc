import {setTimeout as delay} from 'node:timers/promises'

import type {FleetMachine, TestFleet} from '../../../apps/tui/e2e/support/fleet.ts'
import {findProcesses, type Process} from '../../../apps/tui/e2e/support/processes.ts'
import {sendSignal} from '../session/victims.ts'
import type {FleetFault} from './fleet-schedule.ts'
import type {FleetSession} from './open-fleet-session.ts'

export interface FaultInjector {
  /** Begins a fault. Returns whether it did: what is dead or stopped gets no second one. */
  inject(fault: FleetFault): boolean
  /** Waits until all faults are over, and what they ended has started again. */
  untilOver(): Promise<void>
}

export function createFaultInjector(fleet: TestFleet, session: FleetSession): FaultInjector {
  const meeting = new Set<string>()
  const all: Promise<void>[] = []
  return {
    inject(fault) {
      const victim = victimOf(fault, fleet)
      if (meeting.has(victim)) return false
      meeting.add(victim)
      const undo = begin(fault, fleet, session)
      const over = delay(fault.ms)
        .then(undo)
        .finally(() => meeting.delete(victim))
      // `untilOver` reports it.
      over.catch(() => undefined)
      all.push(over)
      return true
    },
    untilOver: async () => void (await Promise.all(all)),
  }
}

/** Its name. A machine and its `serve` are one: either fault starts it again. */
function victimOf(fault: FleetFault, {servers, machines}: TestFleet): string {
  switch (fault.victim) {
    case 'server':
      return servers[fault.index]!.name
    case 'machine':
    case 'serve':
      return pick(machines, fault.index).name
    case 'lines':
      return `lines of ${pick(machines, fault.index).name}`
    case 'host':
      return 'host'
    case 'gateway':
      return `gateway ${fault.index}`
  }
}

type Undo = () => Promise<void> | void

function begin(fault: FleetFault, {servers, machines}: TestFleet, session: FleetSession): Undo {
  switch (fault.victim) {
    case 'server': {
      const server = servers[fault.index]!
      const sent = server.kill(fault.how)
      return async () => {
        await sent
        await (fault.how === 'SIGKILL' ? server.start() : server.kill('SIGCONT'))
      }
    }
    case 'machine': {
      const machine = pick(machines, fault.index)
      if (fault.how === 'SIGSTOP') {
        const stopped = machine.signal('SIGSTOP')
        return async () => {
          await stopped
          await machine.signal('SIGCONT')
        }
      }
      const killed = machine.kill()
      return async () => {
        await killed
        await machine.start()
      }
    }
    case 'serve': {
      const machine = pick(machines, fault.index)
      const serve = machine.home.processes().find(({role, argv}) => role === 'client' && argv.includes('serve'))
      return signalOne(serve, fault.how, () => machine.start())
    }
    case 'host':
      return signalOne(holderOf(machines)?.host, fault.how, () => undefined)
    case 'gateway': {
      const home = session.gatewayHomes[fault.index]!
      const gateway = findProcesses(home).find(({role}) => role === 'gateway')
      return signalOne(gateway, fault.how, () => undefined)
    }
    case 'lines': {
      const {lines} = pick(machines, fault.index)
      for (const line of lines) line[fault.how]()
      return () => lines.forEach((line) => line.mend())
    }
  }
}

/** Nothing happens to a process that has just ended for another reason. */
function signalOne(process: Process | undefined, how: 'SIGKILL' | 'SIGSTOP', start: Undo): Undo {
  if (process === undefined) return () => undefined
  sendSignal(process, how)
  return how === 'SIGKILL' ? start : () => sendSignal(process, 'SIGCONT')
}

function pick(machines: readonly FleetMachine[], index: number | 'holder'): FleetMachine {
  if (index !== 'holder') return machines[index]!
  return holderOf(machines)?.machine ?? machines[0]!
}

/** The machine with a host of the session. */
function holderOf(machines: readonly FleetMachine[]): {machine: FleetMachine; host: Process} | undefined {
  for (const machine of machines) {
    const host = machine.home.processes().find(({role}) => role === 'host')
    if (host !== undefined) return {machine, host}
  }
  return undefined
}
