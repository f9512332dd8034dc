import type {JetStreamClient, JetStreamManager} from '@nats-io/jetstream'
import type {NatsConnection} from '@nats-io/transport-node'

import type {Fleet} from './fleet.ts'

export interface Nats {
  connection: NatsConnection
  jetstream: JetStreamClient
  manager: JetStreamManager
}

/** What `openFleet` returns. */
export interface OpenFleet extends Fleet {
  readonly nats: Nats
}

/** The NATS clients of a fleet. */
export function natsOf(fleet: Fleet): Nats {
  return (fleet as OpenFleet).nats
}
