// No types of the NATS client: they do not compile in every strict project.

export interface FleetOptions {
  /** One of several fleets of a cluster: 1 to 32 of a-z, 0-9 and -. @default 'main' */
  name?: string
  /** Whether to create the fleet if there is none: its settings are for good. @default true */
  create?: boolean
  /** For a new fleet: how many streams its sessions are spread over. It cannot change later. @default 1 */
  shards?: number
  /** For a new fleet: how many servers have each event, 1, 3 or 5. @default 3 */
  replicas?: number
  /** For a new fleet: the size of each stream, bytes. A full stream takes no more events; it deletes none. @default no limit */
  maxBytes?: number
  /** For a new fleet: what an accepted prompt means. @default 'local' */
  promise?: FleetPromise
  /** How long to wait for an answer, ms. @default 2000 */
  timeoutMs?: number
  /** How often to ask the server whether it is there, ms. It is given up after two questions without an answer. @default 5000 */
  pingMs?: number
  user?: string
  password?: string
  token?: string
  /** The path of a file with a JWT and a seed, as `nsc` writes it. It is read again for each connection. */
  credsFile?: string
  /** Use TLS. Paths of PEM files; `{}` trusts the authorities that Node trusts. */
  tls?: {caFile?: string; certFile?: string; keyFile?: string}
}

/**
 * `local`: the log of the session has it; the cluster gets it as soon as possible. `replicated`: the cluster has it, so that it outlives the
 * machine.
 */
export type FleetPromise = 'local' | 'replicated'

/** A connection to a cluster, and the streams of one fleet in it. */
export interface Fleet {
  readonly name: string
  readonly shards: number
  readonly promise: FleetPromise
  /** The most bytes of events in one message. */
  readonly maxBodyBytes: number
  /** Whether a server is connected now. Without one, nothing is sent: the client would keep it in memory. */
  isConnected(): boolean
  /** Calls `listener` whenever a lost connection was made again. Returns a function that ends this. */
  onReconnect(listener: () => void): () => void
  /** Calls `listener` whenever the connection was lost, and when it is closed. Returns a function that ends this. */
  onDisconnect(listener: () => void): () => void
  /** Closes the connection. */
  close(): Promise<void>
}
