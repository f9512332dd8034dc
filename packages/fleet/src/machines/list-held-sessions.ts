import {DeliverPolicy} from '@nats-io/jetstream'

import type {Fleet} from '../stream/fleet.ts'
import {readStored} from '../stream/read-stored.ts'
import {readEnvelope} from '../stream/session-messages.ts'
import {sessionOf, shardClaims, streamName} from '../stream/subjects.ts'
import {toFleetError} from '../stream/to-fleet-error.ts'
import type {HeldSession} from './choose-machine.ts'

/** Lists the claimed sessions of one stream of the fleet, 0 to `fleet.shards - 1`. Throws a `FleetError`. */
export async function listHeldSessions(fleet: Fleet, shard: number): Promise<HeldSession[]> {
  const sessions = new Map<string, HeldSession>()
  try {
    const stream = streamName(fleet.name, shard, fleet.shards)
    const subject = shardClaims(fleet.name, shard)
    for await (const message of readStored(fleet, stream, {subject, policy: DeliverPolicy.All})) {
      const claim = readEnvelope(message.headers)
      const sessionId = sessionOf(message.subject)
      if (claim.kind !== 'claim' || claim.epoch <= (sessions.get(sessionId)?.epoch ?? 0)) continue
      sessions.set(sessionId, {sessionId, machine: claim.machine, epoch: claim.epoch, needs: claim.needs})
    }
  } catch (error) {
    throw toFleetError(error)
  }
  return [...sessions.values()]
}
