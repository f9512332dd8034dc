import {randomUUID} from 'node:crypto'

import {FleetError} from '../fleet-error.ts'
import type {ClaimEnvelope, Stored} from '../stream/envelope.ts'
import type {Fleet} from '../stream/fleet.ts'
import {natsOf} from '../stream/nats-of.ts'
import {publishMessage, winningClaim} from '../stream/session-messages.ts'
import {sessionSubjects} from '../stream/subjects.ts'
import {toFleetError} from '../stream/to-fleet-error.ts'
import {claimEpoch} from './claim-epoch.ts'
import {currentClaim} from './current-claim.ts'
import {openEpoch} from './open-epoch.ts'

/**
 * Deletes a session in the cluster, whoever holds it: nobody can claim it any more, its holder finds out with the next message that
 * it sends, and its events are removed. Three small messages without its content stay. Does nothing if nobody has claimed it.
 *
 * Throws a `FleetError`. After one, call it again.
 */
export async function deleteSession(fleet: Fleet, sessionId: string): Promise<void> {
  const subjects = sessionSubjects(fleet.name, fleet.shards, sessionId)
  const instance = randomUUID()
  for (;;) {
    const current = await currentClaim(fleet, subjects)
    if (current === undefined) return
    const tombstone = await claimAsDeleted(fleet, sessionId, {current: current.envelope, instance})
    if (tombstone.envelope.state === 'deleted') return removeMessages(fleet, sessionId, tombstone)
    // Another machine has just claimed it.
  }
}

/**
 * Deletes a session if `current` is still its claim. Returns the claim after it, whose state is `deleted` if the session is, and whose
 * `instance` then says who deleted it.
 */
export async function deleteUnlessClaimed(
  fleet: Fleet,
  sessionId: string,
  options: {current: ClaimEnvelope; instance: string},
): Promise<ClaimEnvelope> {
  const next = await claimAsDeleted(fleet, sessionId, options)
  if (next.envelope.state === 'deleted') await removeMessages(fleet, sessionId, next)
  return next.envelope
}

/** Returns the claim that the session has then: one that deletes it, or that of another machine. */
async function claimAsDeleted(
  fleet: Fleet,
  sessionId: string,
  {current, instance}: {current: ClaimEnvelope; instance: string},
): Promise<Stored<ClaimEnvelope>> {
  const {machine, epoch: replaces} = current
  const {winner} = await claimEpoch(fleet, sessionId, {machine, instance, replaces, needs: [], state: 'deleted'})
  if (winner.envelope.state !== 'deleted') return winner
  // The claim itself, not its copy on the subject `deleted`: the claims before its sequence are purged.
  const first = await winningClaim(fleet, sessionSubjects(fleet.name, fleet.shards, sessionId), winner.envelope.epoch)
  return first ?? winner
}

async function removeMessages(fleet: Fleet, sessionId: string, tombstone: Stored<ClaimEnvelope>): Promise<void> {
  const subjects = sessionSubjects(fleet.name, fleet.shards, sessionId)
  const {envelope} = tombstone
  // With a message of this epoch, the servers refuse what the holder before still sends.
  const opened = await openEpoch(fleet, subjects, {sessionId, machine: envelope.machine, winner: tombstone})
  if (opened.kind === 'lost') throw new FleetError('failed', `Session ${sessionId} goes on after it was deleted`)
  const {streams} = natsOf(fleet).manager
  try {
    await streams.purge(subjects.stream, {filter: subjects.log, seq: opened.claim.sequence})
    // After the events: a session without the mark is not deleted yet. Before the earlier claims, which lead to the tombstone.
    await publishMessage(fleet, {subject: subjects.deleted, envelope, after: 0})
    await streams.purge(subjects.stream, {filter: subjects.claims, seq: tombstone.sequence})
  } catch (error) {
    throw toFleetError(error)
  }
}
