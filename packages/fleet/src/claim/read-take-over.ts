import {FleetError} from '../fleet-error.ts'
import type {SessionState} from '../stream/envelope.ts'
import type {Fleet} from '../stream/fleet.ts'
import {deletedMark, nextLog, winningClaim} from '../stream/session-messages.ts'
import {sessionSubjects} from '../stream/subjects.ts'
import {readHolder} from './current-claim.ts'

export interface TakeOver {
  machine: string
  epoch: number
  /** What it did with the session: opened, closed or deleted it. */
  state: SessionState
  /** It goes on after this event. Later events that the machine before had are in no other log; `undefined`: not known yet. */
  through: number | undefined
}

/**
 * Reads who took a session over from a machine that has started again, and knows no epoch; `undefined` if nobody did, or the machine
 * never held it. That a session was deleted, it says to every machine. Throws a `FleetError`.
 */
export async function readTakeOverFrom(
  fleet: Fleet,
  sessionId: string,
  machine: string,
): Promise<TakeOver | undefined> {
  const subjects = sessionSubjects(fleet.name, fleet.shards, sessionId)
  const holder = await readHolder(fleet, sessionId)
  if (holder?.state === 'deleted')
    return {machine: holder.machine, epoch: holder.epoch, state: 'deleted', through: undefined}
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
  // Of a deleted session, the earlier claims were removed.
  const claim = (await winningClaim(fleet, subjects, epoch + 1)) ?? (await deletedMark(fleet, subjects))
  if (claim === undefined) {
    throw new FleetError('missing', `Nobody has claimed session ${sessionId} after epoch ${epoch}`)
  }
  const {machine, state} = claim.envelope
  if (state === 'deleted') return {machine, epoch: claim.envelope.epoch, state, through: undefined}
  for (let from = claim.sequence + 1; ;) {
    const next = await nextLog(fleet, subjects, from)
    if (next === undefined) return {machine, epoch: epoch + 1, state, through: undefined}
    // Until then, the machine before wrote what does not count.
    if (next.envelope.epoch > epoch) return {machine, epoch: epoch + 1, state, through: next.envelope.first - 1}
    from = next.sequence + 1
  }
}
