import {FleetError} from '../fleet-error.ts'
import type {Fleet} from '../stream/fleet.ts'
import {sessionSubjects} from '../stream/subjects.ts'
import {claimEpoch} from './claim-epoch.ts'
import {openEpoch} from './open-epoch.ts'
import type {ClaimResult} from './plan-claim.ts'

export interface ClaimOptions {
  /** The name of this machine. */
  machine: string
  /** This process, such as a UUID: to claim again after an error has the same result. */
  instance: string
  /** The epoch of the claim that this one replaces; 0 for a session that nobody holds. See `readHolder`. */
  replaces: number
  /** The labels that a machine needs to take the session over. @default none */
  needs?: readonly string[]
}

/**
 * Claims a session under the next epoch. Of all that replace the same epoch, one wins. From then on nothing counts that the
 * holder before still writes, however late it comes. A closed session is open again.
 *
 * Throws a `FleetError`, `deleted` if the session was. After another one, it is not known whether this machine has won: claim again,
 * with the same `instance`.
 */
export async function claimSession(fleet: Fleet, sessionId: string, options: ClaimOptions): Promise<ClaimResult> {
  const {machine, instance, replaces, needs = []} = options
  const {kind, winner} = await claimEpoch(fleet, sessionId, {machine, instance, replaces, needs, state: 'open'})
  const {envelope} = winner
  if (envelope.state === 'deleted') throw new FleetError('deleted', `Session ${sessionId} was deleted`)
  if (kind === 'lost') return {kind, machine: envelope.machine, epoch: envelope.epoch}
  return openEpoch(fleet, sessionSubjects(fleet.name, fleet.shards, sessionId), {sessionId, machine, winner})
}
