import type {Costs} from './costs.ts'
import type {FleetShape} from './fleet-shape.ts'

/** What a fleet needs while no machine dies: arithmetic. */
export interface Demand {
  /** Bytes in the memory of a server, by what they are for. */
  memory: {sessions: number; streams: number; connections: number}
  /** Bytes that a server writes to its disk in a day. */
  disk: number
  /** Bytes a second that all servers send to machines. */
  sent: {leases: number; sessions: number}
  /** Cores of all servers. */
  cores: {streams: number; connections: number; events: number; renewals: number; leases: number; sessions: number}
}

export function demandOf(shape: FleetShape, {memory, disk, sent, cpu}: Costs): Demand {
  const {machines, sessions, shards, leaseMs, lookMs, sweepMs, prompts, promptEvents, outputEvents} = shape
  const hosts = sessions * shape.hosts
  const connections = hosts + machines
  const perDay = sessions * prompts
  const promptsPerSecond = perDay / 86_400
  const looksPerSecond = (machines * 1000) / lookMs
  const sweepsPerSecond = (machines * 1000) / sweepMs
  const renewalsPerSecond = (machines * 1000) / (leaseMs / 3)
  const cores = (msPerSecond: number) => msPerSecond / 1000
  return {
    memory: {
      sessions: sessions * memory.session,
      streams: shards * memory.stream,
      connections: (connections * memory.connection) / shape.servers.count,
    },
    disk: perDay * (promptEvents + outputEvents) * disk.event,
    sent: {
      leases: looksPerSecond * machines * sent.lease,
      sessions: sweepsPerSecond * sessions * sent.claim,
    },
    cores: {
      streams: cores(shards * cpu.stream),
      connections: cores(connections * cpu.connection),
      events: cores(promptsPerSecond * (promptEvents * cpu.event + outputEvents * cpu.outputEvent)),
      renewals: cores(renewalsPerSecond * cpu.renewal),
      leases: cores(looksPerSecond * (cpu.list + machines * cpu.listedLease)),
      sessions: cores(sweepsPerSecond * (shards * cpu.list + sessions * cpu.listedClaim)),
    },
  }
}
