import {sessionIdPattern} from '@holdfast/protocol'
import {DeliverPolicy} from '@nats-io/jetstream'
import type {MsgHdrs} from '@nats-io/transport-node'

import {isFleetError, type FleetError} from '../fleet-error.ts'
import type {Envelope} from '../stream/envelope.ts'
import type {Fleet} from '../stream/fleet.ts'
import {readStored} from '../stream/read-stored.ts'
import {readEnvelope} from '../stream/session-messages.ts'
import {sessionOf, sessionSubjects, shardClaims, streamName} from '../stream/subjects.ts'
import {toFleetError} from '../stream/to-fleet-error.ts'
import type {HeldSession} from './choose-machine.ts'

export interface ListedSession extends HeldSession {
  /** When it was claimed, closed or deleted, by the clock of a server, epoch ms. */
  at: number
  /** Its deletion was begun and not finished: its events may still be there. `deleteSession` goes on with it. */
  isUnfinished: boolean
}

export interface ListOptions {
  /** Called for a session that is left out, as it has a claim that a newer version wrote, or that Holdfast did not write. */
  onUnreadable?: ((sessionId: string, error: FleetError) => void) | undefined
}

/**
 * Lists the sessions of one stream of the fleet, 0 to `fleet.shards - 1`, also those that were closed or deleted. Throws a
 * `FleetError`.
 */
export async function listHeldSessions(
  fleet: Fleet,
  shard: number,
  {onUnreadable}: ListOptions = {},
): Promise<ListedSession[]> {
  const sessions = new Map<string, ListedSession>()
  const finished = new Set<string>()
  const unreadable = new Map<string, FleetError>()
  try {
    const stream = streamName(fleet.name, shard, fleet.shards)
    const subject = shardClaims(fleet.name, shard)
    for await (const message of readStored(fleet, stream, {subject, policy: DeliverPolicy.All})) {
      const sessionId = sessionOf(message.subject)
      // Of no session: somebody else wrote it.
      if (!sessionIdPattern.test(sessionId)) continue
      const claim = readUnlessForeign(message.headers)
      if (isFleetError(claim)) {
        unreadable.set(sessionId, claim)
        continue
      }
      if (message.subject === sessionSubjects(fleet.name, fleet.shards, sessionId).deleted) finished.add(sessionId)
      if (claim.kind !== 'claim' || claim.epoch <= (sessions.get(sessionId)?.epoch ?? 0)) continue
      const {machine, epoch, needs, state} = claim
      const at = message.time.getTime()
      sessions.set(sessionId, {sessionId, machine, epoch, needs, state, at, isUnfinished: state === 'deleted'})
    }
  } catch (error) {
    throw toFleetError(error)
  }
  for (const sessionId of finished) {
    const session = sessions.get(sessionId)
    if (session !== undefined) session.isUnfinished = false
  }
  for (const [sessionId, error] of unreadable) {
    // It may be the last claim: who has the session is not known.
    sessions.delete(sessionId)
    onUnreadable?.(sessionId, error)
  }
  return [...sessions.values()]
}

function readUnlessForeign(header: MsgHdrs | undefined): Envelope | FleetError {
  try {
    return readEnvelope(header)
  } catch (error) {
    if (isFleetError(error)) return error
    throw error
  }
}
