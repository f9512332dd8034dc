import {FleetError} from '../fleet-error.ts'
import type {Fleet} from '../stream/fleet.ts'
import {readHolder} from './claim-session.ts'
import {nextLog, winningClaim} from '../stream/session-messages.ts'
import {sessionSubjects} from '../stream/subjects.ts'

export interface TakeOver {
  machine: string
  epoch: number
  /** It goes on after this event. Later events that the machine before had are in no other log; `undefined`: not known yet. */
  through: number | undefined
}

/**
 * Reads who took a session over from a machine that has started again, and knows no epoch; `undefined` if nobody did, or the machine
 * never held it. Throws a `FleetError`.
 */
export async function readTakeOverFrom(
  fleet: Fleet,
  sessionId: string,
  machine: string,
): Promise<TakeOver | undefined> {
  const subjects = sessionSubjects(fleet.name, fleet.shards, sessionId)
  const holder = await readHolder(fleet, sessionId)
  if (holder === undefined || holder.machine === machine) return undefined
  for (let epoch = holder.epoch - 1; epoch > 0; epoch--) {
    const claim = await winningClaim(fleet, subjects, epoch)
    if (claim?.envelope.machine === machine) return readTakeOver(fleet, sessionId, epoch)
  }
  return undefined
}

/** Reads who claimed a session after `epoch`, and where it goes on. Throws a `FleetError`, `missing` if nobody did. */
export async function readTakeOver(fleet: Fleet, sessionId: string, epoch: number): Promise<TakeOver> {
  const subjects = sessionSubjects(fleet.name, fleet.shards, sessionId)
  const claim = await winningClaim(fleet, subjects, epoch + 1)
  if (claim === undefined) {
    throw new FleetError('missing', `Nobody has claimed session ${sessionId} after epoch ${epoch}`)
  }
  const {machine} = claim.envelope
  for (let from = claim.sequence + 1; ;) {
    const next = await nextLog(fleet, subjects, from)
    if (next === undefined) return {machine, epoch: epoch + 1, through: undefined}
    // Until then, the machine before wrote what does not count.
    if (next.envelope.epoch > epoch) return {machine, epoch: epoch + 1, through: next.envelope.first - 1}
    from = next.sequence + 1
  }
}
