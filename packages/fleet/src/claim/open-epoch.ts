import {completeThrough, type ClaimEnvelope, type LogEnvelope, type Stored} from '../stream/envelope.ts'
import type {Fleet} from '../stream/fleet.ts'
import {lastLog, publishMessage} from '../stream/session-messages.ts'
import type {SessionSubjects} from '../stream/subjects.ts'
import {lastLogsUpTo} from './last-logs.ts'
import {openingOf, planOpening, type Claim, type ClaimResult} from './plan-claim.ts'

/** Writes the opening of an epoch that this machine has won. */
export async function openEpoch(
  fleet: Fleet,
  subjects: SessionSubjects,
  {sessionId, machine, winner}: {sessionId: string; machine: string; winner: Stored<ClaimEnvelope>},
): Promise<ClaimResult> {
  const {epoch} = winner.envelope
  for (;;) {
    const last = await lastLog(fleet, subjects)
    const plan = planOpening(last, epoch)
    if (plan.kind === 'replaced') return {kind: 'lost', machine: plan.machine, epoch: plan.epoch}
    if (plan.kind === 'opened') return {kind: 'won', claim: claimOf(last!, {sessionId, machine})}
    const before = await lastLogsUpTo(fleet, subjects, {last, end: winner.sequence})
    const envelope = openingOf(before, {epoch, machine, after: plan.after})
    const sequence = await publishMessage(fleet, {subject: subjects.log, envelope, after: plan.after})
    if (sequence !== 'refused') return {kind: 'won', claim: claimOf({sequence, envelope}, {sessionId, machine})}
    // The holder before has just written once more. It reads the claim after that, and stops.
  }
}

function claimOf(message: Stored<LogEnvelope>, {sessionId, machine}: {sessionId: string; machine: string}): Claim {
  const {envelope, sequence} = message
  return {
    sessionId,
    machine,
    epoch: envelope.epoch,
    through: completeThrough(envelope),
    throughAt: envelope.at,
    sequence,
  }
}
