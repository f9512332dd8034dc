import type {ClaimEnvelope, SessionState, Stored} from '../stream/envelope.ts'
import type {Fleet} from '../stream/fleet.ts'
import {deletedMark, lastClaim, winningClaim} from '../stream/session-messages.ts'
import {sessionSubjects, type SessionSubjects} from '../stream/subjects.ts'

export interface Holder {
  machine: string
  epoch: number
  needs: readonly string[]
  state: SessionState
}

/** Reads who holds a session, or held it last; `undefined` if nobody has claimed it. Throws a `FleetError`. */
export async function readHolder(fleet: Fleet, sessionId: string): Promise<Holder | undefined> {
  const claim = await currentClaim(fleet, sessionSubjects(fleet.name, fleet.shards, sessionId))
  if (claim === undefined) return undefined
  const {machine, epoch, needs, state} = claim.envelope
  return {machine, epoch, needs, state}
}

/** The claim with the highest epoch. The last one is not always that: it may be a copy of an earlier one, which came late. */
export async function currentClaim(
  fleet: Fleet,
  subjects: SessionSubjects,
): Promise<Stored<ClaimEnvelope> | undefined> {
  const last = await lastClaim(fleet, subjects)
  if (last === undefined) return undefined
  // The earlier claims of a deleted session were removed, so a late copy of one would be the first of its epoch.
  const mark = await deletedMark(fleet, subjects)
  if (mark !== undefined) return mark
  let current = await winningClaim(fleet, subjects, last.envelope.epoch)
  for (let epoch = last.envelope.epoch + 1; ; epoch++) {
    const next = await winningClaim(fleet, subjects, epoch)
    if (next === undefined) return current
    current = next
  }
}
