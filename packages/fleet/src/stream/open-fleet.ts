import {
  DiscardPolicy,
  JetStreamApiError,
  jetstream,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
  type JetStreamClient,
  type JetStreamManager,
} from '@nats-io/jetstream'
import {connect, type NatsConnection, type NodeConnectionOptions} from '@nats-io/transport-node'

import {FleetError} from '../fleet-error.ts'
import {requireFleetName, shardSubjects, streamName} from './subjects.ts'
import {toFleetError} from './to-fleet-error.ts'

export interface FleetOptions {
  /** One of several fleets of a cluster: 1 to 32 of a-z, 0-9 and -. @default 'main' */
  name?: string
  /** For a new fleet: how many streams its sessions are spread over. It cannot change later. @default 1 */
  shards?: number
  /** For a new fleet: how many servers have each event, 1, 3 or 5. @default 3 */
  replicas?: number
  /** For a new fleet: the size of each stream, bytes. A full stream takes no more events; it deletes none. @default no limit */
  maxBytes?: number
  /** How long to wait for an answer, ms. @default 2000 */
  timeoutMs?: number
  /** Credentials, TLS and other settings of the NATS client. */
  connection?: NodeConnectionOptions
}

/** A connection to a cluster, and the streams of one fleet in it. */
export interface Fleet {
  readonly name: string
  readonly shards: number
  /** The most bytes of events in one message. */
  readonly maxBodyBytes: number
  readonly connection: NatsConnection
  readonly jetstream: JetStreamClient
  readonly manager: JetStreamManager
  /** Whether a server is connected now. Without one, nothing is sent: the client would keep it in memory. */
  isConnected(): boolean
  /** Calls `listener` after each lost connection that was made again. Returns a function that ends this. */
  onReconnect(listener: () => void): () => void
  /** Closes the connection. */
  close(): Promise<void>
}

/** Bytes of a message for its header. */
const headerBytes = 8 * 1024
/** A larger message holds up the other sessions of its stream. */
const maxBodyBytes = 256 * 1024

/**
 * Connects to a NATS cluster with JetStream, and creates the streams of the fleet if it has none. The client reconnects for
 * ever. Throws a `FleetError`: `unreachable`, also while a cluster that has just started has no leader; `forbidden`;
 * `too-few-servers`.
 */
export async function openFleet(servers: readonly string[], options: FleetOptions = {}): Promise<Fleet> {
  const {name = 'main', shards = 1, replicas = 3, maxBytes, timeoutMs = 2000, connection: settings = {}} = options
  requireFleetName(name)
  let connection: NatsConnection | undefined
  try {
    connection = await connect({
      timeout: timeoutMs,
      // A server that stands still is noticed after 10 to 15 s, not after minutes.
      pingInterval: 5000,
      maxPingOut: 2,
      reconnectTimeWait: 500,
      ...settings,
      servers: [...servers],
      maxReconnectAttempts: -1,
      ignoreAuthErrorAbort: true,
    })
    const manager = await jetstreamManager(connection, {timeout: timeoutMs})
    const found = await findOrCreateStreams(manager, {name, shards, replicas, maxBytes})
    return createFleet(connection, {manager, name, shards: found, timeoutMs})
  } catch (error) {
    await connection?.close()
    throw toFleetError(error)
  }
}

function createFleet(
  connection: NatsConnection,
  {manager, name, shards, timeoutMs}: {manager: JetStreamManager; name: string; shards: number; timeoutMs: number},
): Fleet {
  const listeners = new Set<() => void>()
  let isConnected = true
  const watchConnection = async () => {
    for await (const {type} of connection.status()) {
      if (type === 'disconnect') isConnected = false
      if (type !== 'reconnect') continue
      isConnected = true
      for (const listener of listeners) listener()
    }
  }
  const watched = watchConnection()
  return {
    name,
    shards,
    maxBodyBytes: Math.min(maxBodyBytes, (connection.info?.max_payload ?? Infinity) - headerBytes),
    connection,
    manager,
    jetstream: jetstream(connection, {timeout: timeoutMs}),
    isConnected: () => isConnected,
    onReconnect(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async close() {
      await connection.close()
      await watched
    },
  }
}

interface StreamSettings {
  name: string
  shards: number
  replicas: number
  maxBytes: number | undefined
}

/** Returns the number of streams. */
async function findOrCreateStreams(manager: JetStreamManager, settings: StreamSettings): Promise<number> {
  const {name} = settings
  // Another machine may create them meanwhile, with other settings: then what it creates counts.
  for (let attempt = 0; attempt < 3; attempt++) {
    const [first] = await manager.streams.names(shardSubjects(name, 0)).next()
    const shards = first === undefined ? settings.shards : Number(first.split('-of-')[1])
    if (!(shards >= 1))
      throw new FleetError('failed', `The stream ${first} has the subjects of the fleet, but not its name`)
    if (await createStreams(manager, {...settings, shards})) return shards
  }
  throw new FleetError(
    'failed',
    `The streams of the fleet ${name} do not fit together: remove them, or take another name`,
  )
}

/** Creates the streams that are missing. Returns whether there are all. */
async function createStreams(
  manager: JetStreamManager,
  {name, shards, replicas, maxBytes}: StreamSettings,
): Promise<boolean> {
  const present = new Set<string>()
  for await (const stream of manager.streams.names(`holdfast.${name}.>`)) present.add(stream)
  for (let shard = 0; shard < shards; shard++) {
    const stream = streamName(name, shard, shards)
    if (present.has(stream)) continue
    try {
      await manager.streams.add({
        name: stream,
        subjects: [shardSubjects(name, shard)],
        retention: RetentionPolicy.Limits,
        storage: StorageType.File,
        // A full stream refuses new events: the old ones are the log of a session.
        discard: DiscardPolicy.New,
        num_replicas: replicas,
        ...(maxBytes === undefined ? {} : {max_bytes: maxBytes}),
      })
    } catch (error) {
      const isTaken = error instanceof JetStreamApiError && (error.code === nameInUse || error.code === subjectsOverlap)
      if (!isTaken) throw error
      return false
    }
  }
  return true
}

const nameInUse = 10058
const subjectsOverlap = 10065
