import type {LogEnvelope, Stored} from '../stream/envelope.ts'
import type {Fleet} from '../stream/fleet.ts'
import {lastLog, nextLog} from '../stream/session-messages.ts'
import type {SessionSubjects} from '../stream/subjects.ts'
import {doesCount, lastThatCounts} from './last-that-counts.ts'
import {furthestOf} from './plan-claim.ts'

/** The last event of a session that counts now, and so for ever. */
export async function readEnd(fleet: Fleet, subjects: SessionSubjects): Promise<{through: number; at: number}> {
  const last = await lastLog(fleet, subjects)
  return furthestOf(await lastLogsUpTo(fleet, subjects, {last, end: last?.sequence ?? 0}))
}

/**
 * The last messages with events that count, up to and including stream sequence `end`. They begin after the sequence in `after` of the
 * newest one, whose writer knew all events up to there.
 */
export async function lastLogsUpTo(
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
    if (await doesCount(fleet, subjects, next)) logs.push(next.envelope)
    from = next.sequence + 1
  }
}
