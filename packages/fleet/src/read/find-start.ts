import type {Fleet} from '../stream/fleet.ts'
import {findLast, lastThatCounts} from '../claim/last-that-counts.ts'
import {lastLog} from '../stream/session-messages.ts'
import type {LogEnvelope, Stored} from '../stream/envelope.ts'
import type {SessionSubjects} from '../stream/subjects.ts'
import type {ReaderState} from './assemble-events.ts'

/** Finds where to begin to read events after `afterSeq`. The number of requests grows with the logarithm of the stream. */
export async function findStart(fleet: Fleet, subjects: SessionSubjects, afterSeq: number): Promise<ReaderState> {
  const found = afterSeq === 0 ? undefined : await findMessage(fleet, subjects, afterSeq)
  const start = await lastThatCounts(fleet, subjects, found)
  const state = {seq: afterSeq, pieces: []}
  if (start === undefined) return {...state, sequence: 0, epoch: 0}
  return {...state, sequence: start.sequence - 1, epoch: start.envelope.epoch}
}

/** The last message that begins at `seq` or before. */
async function findMessage(
  fleet: Fleet,
  subjects: SessionSubjects,
  seq: number,
): Promise<Stored<LogEnvelope> | undefined> {
  const last = await lastLog(fleet, subjects)
  if (last === undefined || last.envelope.first <= seq) return last
  return findLast(fleet, subjects, {end: last.sequence, matches: ({first}) => first <= seq})
}
