/** What one of each thing costs the servers of a cluster of three, as `npm run bench fleet -- --only costs` measures it. */
export interface Costs {
  /** Bytes of memory of a server. */
  memory: {session: number; stream: number; connection: number}
  /** Bytes on the disk of a server. */
  disk: {session: number; event: number}
  /** Bytes that a server sends. */
  sent: {claim: number; lease: number}
  /** CPU of the three servers together, ms. */
  cpu: {
    /** Each second. */
    stream: number
    connection: number
    /** A list, and one of what it lists. */
    list: number
    listedClaim: number
    listedLease: number
    renewal: number
    claim: number
    /** One that is sent by itself, as prompts are; and one of many. */
    event: number
    outputEvent: number
  }
  /** CPU of a machine, ms. */
  machine: {
    /** To choose among so many machines, for each of them. */
    choice: number
    /** To read an event back. */
    restoredEvent: number
  }
}

/** Medians of three rounds with `nats-server` 2.9.10 on two cores of an AMD EPYC. */
export const measuredCosts: Costs = {
  memory: {session: 1330, stream: 207_000, connection: 77_000},
  disk: {session: 1050, event: 416},
  sent: {claim: 194, lease: 204},
  cpu: {
    stream: 0.69,
    connection: 0.007,
    list: 3.05,
    listedClaim: 0.0087,
    listedLease: 0.0096,
    renewal: 0.077,
    claim: 0.99,
    event: 0.152,
    outputEvent: 0.0076,
  },
  machine: {choice: 0.003, restoredEvent: 0.0105},
}
