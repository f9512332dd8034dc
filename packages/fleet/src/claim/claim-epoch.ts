import {FleetError} from '../fleet-error.ts'
import type {ClaimEnvelope, SessionState, Stored} from '../stream/envelope.ts'
import type {Fleet} from '../stream/fleet.ts'
import {publishMessage, winningClaim} from '../stream/session-messages.ts'
import {sessionSubjects} from '../stream/subjects.ts'
import {currentClaim} from './current-claim.ts'
import {isWonBy} from './plan-claim.ts'

export interface EpochClaim {
  machine: string
  instance: string
  /** The epoch of the claim that this one replaces. */
  replaces: number
  needs: readonly string[]
  state: SessionState
}

/** Claims the epoch after `replaces`. Of all that claim it, one wins. Throws a `FleetError`. */
export async function claimEpoch(
  fleet: Fleet,
  sessionId: string,
  {machine, instance, replaces, needs, state}: EpochClaim,
): Promise<{kind: 'won' | 'lost'; winner: Stored<ClaimEnvelope>}> {
  const subjects = sessionSubjects(fleet.name, fleet.shards, sessionId)
  const epoch = replaces + 1
  const current = await currentClaim(fleet, subjects)
  if ((current?.envelope.epoch ?? 0) < replaces) {
    throw new FleetError(
      'missing',
      `Expected a claim of session ${sessionId} with epoch ${replaces}, and there is none`,
    )
  }
  if (current !== undefined && (current.envelope.epoch > epoch || current.envelope.state === 'deleted')) {
    return {kind: 'lost', winner: current}
  }
  const envelope: ClaimEnvelope = {v: 1, kind: 'claim', epoch, machine, instance, needs: [...needs], state}
  // If it is refused, there is one already: another machine's, or this one's from before.
  if (current?.envelope.epoch !== epoch) {
    await publishMessage(fleet, {subject: subjects.claim(epoch), envelope, after: 0})
  }
  const winner = await winningClaim(fleet, subjects, epoch)
  if (winner === undefined) throw new FleetError('unreachable', 'The cluster has not stored the claim')
  return {kind: isWonBy(winner.envelope, {machine, instance}) ? 'won' : 'lost', winner}
}
