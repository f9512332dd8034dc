import {FleetError} from '../fleet-error.ts'
import type {Fleet} from '../stream/open-fleet.ts'
import {nextLog, winningClaim} from '../stream/session-messages.ts'
import {sessionSubjects} from '../stream/subjects.ts'

export interface TakeOver {
  machine: string
  epoch: number
  /** It goes on after this event. Later events that the machine before had are in no other log; `undefined`: not known yet. */
  through: number | undefined
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
