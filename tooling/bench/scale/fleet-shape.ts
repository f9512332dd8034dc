/** A fleet, and what its sessions do. */
export interface FleetShape {
  machines: number
  sessions: number
  shards: number
  servers: {count: number; cores: number}
  leaseMs: number
  /** How often a machine lists the leases, and how often it lists the sessions when no machine has come or gone, ms. */
  lookMs: number
  sweepMs: number
  /** Sessions with a host, which has a connection, of all: 0 to 1. */
  hosts: number
  /** Of each session, in a day. */
  prompts: number
  /** Events of the life of each prompt, sent by themselves. */
  promptEvents: number
  /** Events of 100 bytes that a prompt prints. */
  outputEvents: number
  /** Events of a session on average, for the machine that takes it over. */
  length: number
}

/** A team's fleet grows in all directions at once: a hundred sessions for each machine. */
export function shapeOf(machines: number): FleetShape {
  return {
    machines,
    sessions: machines * 100,
    shards: 64,
    servers: {count: 3, cores: 16},
    leaseMs: 10_000,
    // A twentieth of the lease: see startMachine.
    lookMs: 500,
    sweepMs: 30_000,
    hosts: 0.2,
    prompts: 20,
    promptEvents: 4,
    outputEvents: 50,
    length: 2000,
  }
}
