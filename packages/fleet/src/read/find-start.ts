import {counts, findLast} from '../claim/last-that-counts.ts'
import type {Fleet} from '../stream/fleet.ts'
import {lastLog} from '../stream/session-messages.ts'
import type {SessionSubjects} from '../stream/subjects.ts'
import type {ReaderState} from './assemble-events.ts'

/**
 * Finds where to begin to read events after `afterSeq`. The number of requests grows with the logarithm of the stream.
 *
 * A message that begins at `afterSeq` or before may be a late copy. But what was sent after it is stored after the message that
 * its writer knew as the last.
 */
export async function findStart(fleet: Fleet, subjects: SessionSubjects, afterSeq: number): Promise<ReaderState> {
  let found = afterSeq === 0 ? undefined : await lastLog(fleet, subjects)
  while (found !== undefined && !(found.envelope.first <= afterSeq && (await counts(fleet, subjects, found)))) {
    found = await findLast(fleet, subjects, {end: found.sequence, matches: ({first}) => first <= afterSeq})
  }
  const state = {seq: afterSeq, pieces: []}
  if (found === undefined) return {...state, sequence: 0, epoch: 0}
  return {...state, sequence: found.envelope.after, epoch: found.envelope.epoch}
}
