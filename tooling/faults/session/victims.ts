import {findProcesses, isAlive, type Process} from '../../../apps/tui/e2e/support/processes.ts'
import type {Victim} from '../schedule/schedule.ts'
import {agentProgram} from './test-agent.ts'
import type {TestSession} from './test-session.ts'

/** The living process that a fault is meant for. */
export function findVictim(session: TestSession, victim: Victim, client: number): Process | undefined {
  const {pid} = session.client(client)
  const processes = findProcesses(session.home)
  const host = processes.find(({role}) => role === 'host')
  return processes.find((process) => {
    switch (victim) {
      case 'client':
        return process.pid === pid
      case 'gateway':
        return process.role === 'gateway' && process.parentPid === pid
      case 'host':
        return process === host
      case 'shell':
        return process.parentPid === host?.pid && process.argv[0]?.endsWith('bash') === true
      case 'agent':
        return process.parentPid === host?.pid && process.argv.includes(agentProgram)
    }
  })
}

/** Sends a signal to a process that may have just exited. */
export function sendSignal(process: Process, signal: NodeJS.Signals): void {
  try {
    if (isAlive(process)) globalThis.process.kill(process.pid, signal)
  } catch {
    // It has just exited.
  }
}
