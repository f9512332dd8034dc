import {FleetError} from '../fleet-error.ts'
import {completeThrough, type ClaimEnvelope, type LogEnvelope, type Stored} from '../stream/envelope.ts'
import type {Fleet} from '../stream/fleet.ts'
import {lastClaim, lastLog, nextLog, publishMessage, winningClaim} from '../stream/session-messages.ts'
import {sessionSubjects, type SessionSubjects} from '../stream/subjects.ts'
import {counts, lastThatCounts} from './last-that-counts.ts'
import {judgeClaim, openingOf, planOpening, type Claim, type ClaimResult} from './plan-claim.ts'

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

export interface Holder {
  machine: string
  epoch: number
  needs: readonly string[]
}

/** Reads who holds a session; `undefined` if nobody has claimed it. Throws a `FleetError`. */
export async function readHolder(fleet: Fleet, sessionId: string): Promise<Holder | undefined> {
  const claim = await currentClaim(fleet, sessionSubjects(fleet.name, fleet.shards, sessionId))
  if (claim === undefined) return undefined
  const {machine, epoch, needs} = claim.envelope
  return {machine, epoch, needs}
}

/**
 * Claims a session under the next epoch. Of all that replace the same epoch, one wins. From then on nothing counts that the
 * holder before still writes, however late it comes.
 *
 * Throws a `FleetError`. After one, it is not known whether this machine has won: claim again, with the same `instance`.
 */
export async function claimSession(fleet: Fleet, sessionId: string, options: ClaimOptions): Promise<ClaimResult> {
  const {machine, instance, replaces, needs = []} = options
  const subjects = sessionSubjects(fleet.name, fleet.shards, sessionId)
  const epoch = replaces + 1
  const current = await currentClaim(fleet, subjects)
  if ((current?.envelope.epoch ?? 0) < replaces) {
    throw new FleetError(
      'missing',
      `Expected a claim of session ${sessionId} with epoch ${replaces}, and there is none`,
    )
  }
  if (current !== undefined && current.envelope.epoch > epoch) {
    return {kind: 'lost', machine: current.envelope.machine, epoch: current.envelope.epoch}
  }
  const envelope = {v: 1 as const, kind: 'claim' as const, epoch, machine, instance, needs: [...needs]}
  // If it is refused, there is one already: another machine's, or this one's from before.
  if (current?.envelope.epoch !== epoch) {
    await publishMessage(fleet, {subject: subjects.claim(epoch), envelope, after: 0})
  }
  const winner = await winningClaim(fleet, subjects, epoch)
  if (winner === undefined) throw new FleetError('unreachable', 'The cluster has not stored the claim')
  const judged = judgeClaim(winner.envelope, {machine, instance})
  return judged.kind === 'lost' ? judged : openEpoch(fleet, subjects, {sessionId, machine, epoch, winner})
}

/** The claim with the highest epoch. The last one is not always that: it may be a copy of an earlier one, which came late. */
async function currentClaim(fleet: Fleet, subjects: SessionSubjects): Promise<Stored<ClaimEnvelope> | undefined> {
  const last = await lastClaim(fleet, subjects)
  if (last === undefined) return undefined
  let current = await winningClaim(fleet, subjects, last.envelope.epoch)
  for (let epoch = last.envelope.epoch + 1; ; epoch++) {
    const next = await winningClaim(fleet, subjects, epoch)
    if (next === undefined) return current
    current = next
  }
}

/** Writes the opening of an epoch that this machine has won. */
async function openEpoch(
  fleet: Fleet,
  subjects: SessionSubjects,
  {sessionId, machine, epoch, winner}: {sessionId: string; machine: string; epoch: number; winner: Stored},
): Promise<ClaimResult> {
  for (;;) {
    const last = await lastLog(fleet, subjects)
    const plan = planOpening(last, epoch)
    if (plan.kind === 'replaced') return {kind: 'lost', machine: plan.machine, epoch: plan.epoch}
    if (plan.kind === 'opened') return {kind: 'won', claim: claimOf(last!, {sessionId, machine})}
    const before = await lastLogsBefore(fleet, subjects, {last, end: winner.sequence})
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

/**
 * The last messages with events that count, before stream sequence `end`. They begin after the message that the writer of the
 * last one knew as the last: it knew of all events up to that one.
 */
async function lastLogsBefore(
  fleet: Fleet,
  subjects: SessionSubjects,
  {last, end}: {last: Stored<LogEnvelope> | undefined; end: number},
): Promise<LogEnvelope[]> {
  const logs: LogEnvelope[] = []
  const newest = await lastThatCounts(fleet, subjects, last)
  if (newest === undefined) return logs
  for (let from = newest.envelope.after + 1; ;) {
    const next = await nextLog(fleet, subjects, from)
    if (next === undefined || next.sequence > end) return logs
    if (await counts(fleet, subjects, next)) logs.push(next.envelope)
    from = next.sequence + 1
  }
}
