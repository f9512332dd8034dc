import {createRandom, type Random} from '../schedule/random.ts'
import type {Prompt} from '../schedule/schedule.ts'

/** Servers, machines and clients of a run, each by its index, and how many of the clients are on machines. */
export const members = {servers: 3, machines: 3, clients: 2, onMachines: 1} as const

/** What happens to a victim: it is killed, or stopped and continued; a line passes nothing on, or is cut. It is over after `ms`. */
export type FleetFault = {kind: 'fault'; ms: number} & (
  | {victim: 'server'; index: number; how: 'SIGKILL' | 'SIGSTOP'}
  /** All processes of a machine at once. `holder`: the one that has the session. */
  | {victim: 'machine'; index: number | 'holder'; how: 'SIGKILL' | 'SIGSTOP'}
  /** The process `serve` of a machine. */
  | {victim: 'serve'; index: number | 'holder'; how: 'SIGKILL' | 'SIGSTOP'}
  | {victim: 'host'; how: 'SIGKILL' | 'SIGSTOP'}
  | {victim: 'gateway'; index: number; how: 'SIGKILL' | 'SIGSTOP'}
  /** All connections of a machine to the servers. */
  | {victim: 'lines'; index: number | 'holder'; how: 'cut' | 'freeze'}
)

export type FleetStep = {kind: 'prompt'; client: number; prompt: Prompt} | {kind: 'pause'; ms: number} | FleetFault

export interface FleetSchedule {
  seed: number
  steps: readonly FleetStep[]
}

const faults = 4

/** Plans the run of a seed. The same seed gives the same schedule. `leaseMs`: how long a machine may be away before it loses its sessions. */
export function planFleetSchedule(seed: number, leaseMs: number): FleetSchedule {
  const random = createRandom(seed)
  let ids = 0
  const steps: FleetStep[] = []
  const prompt = (): FleetStep => ({
    kind: 'prompt',
    client: random.integer(0, members.clients - 1),
    prompt: {
      id: `prompt-${++ids}`,
      does: 'print',
      lines: random.integer(1, 30),
      pause: random.pick([0, 0, 0.01, 0.05]),
    },
  })
  for (let fault = 0; fault < faults; fault++) {
    for (let count = random.integer(1, 3); count > 0; count--) steps.push(prompt())
    steps.push({kind: 'pause', ms: random.integer(0, 300)})
    steps.push(planFault(random, leaseMs))
    steps.push(prompt())
    // The next fault often comes while this one lasts.
    steps.push({kind: 'pause', ms: random.pick([0, 200, leaseMs])})
  }
  return {seed, steps}
}

function planFault(random: Random, leaseMs: number): FleetFault {
  // Some faults are over before the lease of the machine is.
  const ms = random.pick([random.integer(50, 500), ...[1, 2].map(() => random.integer(leaseMs / 2, leaseMs * 2))])
  const how = random.pick(['SIGKILL', 'SIGKILL', 'SIGSTOP'] as const)
  const machine = random.pick(['holder', 'holder', random.integer(0, members.machines - 1)] as const)
  const victim = random.pick([
    ...(['server', 'server', 'machine', 'machine', 'machine'] as const),
    ...(['serve', 'host', 'host', 'gateway', 'lines', 'lines'] as const),
  ])
  switch (victim) {
    case 'server':
      return {kind: 'fault', victim, index: random.integer(0, members.servers - 1), how, ms}
    case 'gateway':
      return {kind: 'fault', victim, index: random.integer(0, members.clients - 1), how, ms}
    case 'lines':
      return {kind: 'fault', victim, index: machine, how: random.pick(['cut', 'freeze']), ms}
    case 'host':
      return {kind: 'fault', victim, how, ms}
    default:
      return {kind: 'fault', victim, index: machine, how, ms}
  }
}
