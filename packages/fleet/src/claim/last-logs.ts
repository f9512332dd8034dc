import type {LogEnvelope, Stored} from '../stream/envelope.ts'
import type {Fleet} from '../stream/fleet.ts'
import {lastLog, nextLog} from '../stream/session-messages.ts'
import type {SessionSubjects} from '../stream/subjects.ts'
import {counts, lastThatCounts} from './last-that-counts.ts'
import {furthestOf} from './plan-claim.ts'

/** The last event of a session that counts now, and so for ever. */
export async function readEnd(fleet: Fleet, subjects: SessionSubjects): Promise<{through: number; at: number}> {
  const last = await lastLog(fleet, subjects)
  return furthestOf(await lastLogsBefore(fleet, subjects, {last, end: last?.sequence ?? 0}))
}

/**
 * The last messages with events that count, before stream sequence `end`. They begin after the message that the writer of the
 * last one knew as the last: it knew of all events up to that one.
 */
export async function lastLogsBefore(
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
