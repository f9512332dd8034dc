import {
  DiscardPolicy,
  JetStreamApiError,
  jetstream,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
  type JetStreamManager,
} from '@nats-io/jetstream'
import type {NatsConnection} from '@nats-io/transport-node'

import {FleetError} from '../fleet-error.ts'
import {connectServers} from './connect-servers.ts'
import type {Fleet, FleetOptions, FleetPromise} from './fleet.ts'
import type {OpenFleet} from './nats-of.ts'
import {describePromise, readPromise} from './promise-text.ts'
import {requireFleetName, shardSubjects, streamName} from './subjects.ts'
import {toFleetError} from './to-fleet-error.ts'

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
  const {
    name = 'main',
    create = true,
    shards = 1,
    replicas = 3,
    maxBytes,
    promise = 'local',
    timeoutMs = 2000,
  } = options
  requireFleetName(name)
  let connection: NatsConnection | undefined
  try {
    connection = await connectServers(servers, options)
    const manager = await jetstreamManager(connection, {timeout: timeoutMs})
    const found = await findOrCreateStreams(manager, {name, create, shards, replicas, maxBytes, promise})
    return createFleet(connection, {manager, name, ...found, timeoutMs})
  } catch (error) {
    await connection?.close()
    throw toFleetError(error)
  }
}

function createFleet(
  connection: NatsConnection,
  {
    manager,
    name,
    shards,
    promise,
    timeoutMs,
  }: {manager: JetStreamManager; name: string; shards: number; promise: FleetPromise; timeoutMs: number},
): OpenFleet {
  const reconnectListeners = new Set<() => void>()
  const disconnectListeners = new Set<() => void>()
  let isConnected = true
  const disconnect = () => {
    isConnected = false
    for (const listener of disconnectListeners) listener()
  }
  const watchConnection = async () => {
    for await (const {type} of connection.status()) {
      if (type === 'disconnect') disconnect()
      if (type !== 'reconnect') continue
      isConnected = true
      for (const listener of reconnectListeners) listener()
    }
    disconnect()
  }
  const watched = watchConnection()
  return {
    name,
    shards,
    promise,
    maxBodyBytes: Math.min(maxBodyBytes, (connection.info?.max_payload ?? Infinity) - headerBytes),
    nats: {connection, manager, jetstream: jetstream(connection, {timeout: timeoutMs})},
    isConnected: () => isConnected,
    onReconnect: (listener) => addTo(reconnectListeners, listener),
    onDisconnect: (listener) => addTo(disconnectListeners, listener),
    async close() {
      await connection.close()
      await watched
    },
  }
}

function addTo<Item>(items: Set<Item>, item: Item): () => void {
  items.add(item)
  return () => items.delete(item)
}

interface StreamSettings {
  name: string
  shards: number
  replicas: number
  maxBytes: number | undefined
  promise: FleetPromise
}

/** Returns what the fleet keeps: the number of its streams, and its promise. */
async function findOrCreateStreams(
  manager: JetStreamManager,
  {create, ...settings}: StreamSettings & {create: boolean},
): Promise<Pick<StreamSettings, 'shards' | 'promise'>> {
  const {name} = settings
  // Another machine may create them meanwhile, with other settings: then what it creates counts.
  for (let refused = 0; ; refused++) {
    const [first] = await manager.streams.names(shardSubjects(name, 0)).next()
    if (first === undefined && !create) throw new FleetError('no-stream', `The cluster has no fleet ${name}`)
    const shards = first === undefined ? settings.shards : Number(first.split('-of-')[1])
    if (!(shards >= 1))
      throw new FleetError('failed', `The stream ${first} has the subjects of the fleet, but not its name`)
    if (create && !(await createStreams(manager, {...settings, shards}))) {
      // Another machine has made at least one stream of the fleet meanwhile, or there are those of something else.
      if (refused <= shards + 1) continue
      const message = `The streams of the fleet ${name} do not fit together: remove them, or take another name`
      throw new FleetError('failed', message)
    }
    // Also of streams that were missing just now: another machine may have made them.
    const {config} = await manager.streams.info(streamName(name, 0, shards))
    return {shards, promise: readPromise(config.description)}
  }
}

/** Creates the streams that are missing. Returns whether there are all. */
async function createStreams(
  manager: JetStreamManager,
  {name, shards, replicas, maxBytes, promise}: StreamSettings,
): Promise<boolean> {
  const present = new Set<string>()
  for await (const stream of manager.streams.names(`holdfast.${name}.>`)) present.add(stream)
  for (let shard = 0; shard < shards; shard++) {
    const stream = streamName(name, shard, shards)
    if (present.has(stream)) continue
    try {
      await manager.streams.add({
        name: stream,
        description: describePromise(promise),
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
