import type {LogEnvelope, Stored} from '../stream/envelope.ts'
import type {Fleet} from '../stream/fleet.ts'
import {nextLog, winningClaim} from '../stream/session-messages.ts'
import type {SessionSubjects} from '../stream/subjects.ts'

/** Whether nobody had claimed the session from the writer of a message before it was stored. */
export async function doesCount(
  fleet: Fleet,
  subjects: SessionSubjects,
  {sequence, envelope}: Stored<LogEnvelope>,
): Promise<boolean> {
  const later = await winningClaim(fleet, subjects, envelope.epoch + 1)
  return later === undefined || later.sequence > sequence
}

/**
 * The last message with events that counts, at or before `from`. Following `from.envelope.after` back could miss it: other messages may
 * have been stored in between.
 */
export async function lastThatCounts(
  fleet: Fleet,
  subjects: SessionSubjects,
  from: Stored<LogEnvelope> | undefined,
): Promise<Stored<LogEnvelope> | undefined> {
  let found = from
  while (found !== undefined && !(await doesCount(fleet, subjects, found))) {
    found = await findLast(fleet, subjects, {end: found.sequence, matches: () => true})
  }
  return found
}

/**
 * The last message with events before stream sequence `end` that matches, by halving the stream: if one matches, those before it
 * should. Late copies may break that; then it may be an earlier one, or none.
 */
export async function findLast(
  fleet: Fleet,
  subjects: SessionSubjects,
  {end, matches}: {end: number; matches: (envelope: LogEnvelope) => boolean},
): Promise<Stored<LogEnvelope> | undefined> {
  let found: Stored<LogEnvelope> | undefined
  let low = 1
  let high = end
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const probe = await nextLog(fleet, subjects, middle)
    if (probe === undefined || probe.sequence >= high || !matches(probe.envelope)) {
      high = middle
    } else {
      found = probe
      low = probe.sequence + 1
    }
  }
  return found
}
