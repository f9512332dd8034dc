import {doesCount, findLast} from '../claim/last-that-counts.ts'
import type {Fleet} from '../stream/fleet.ts'
import {lastLog} from '../stream/session-messages.ts'
import type {SessionSubjects} from '../stream/subjects.ts'
import type {ReaderState} from './assemble-events.ts'

/**
 * Finds where to begin to read events after `afterSeq`. The number of requests grows with the logarithm of the stream.
 *
 * The message that is found begins at `afterSeq` or before, but it may be a late copy, stored behind its successors. So reading begins
 * after the sequence in its `after`: those successors are stored behind that, too.
 */
export async function findStart(fleet: Fleet, subjects: SessionSubjects, afterSeq: number): Promise<ReaderState> {
  let found = afterSeq === 0 ? undefined : await lastLog(fleet, subjects)
  while (found !== undefined && !(found.envelope.first <= afterSeq && (await doesCount(fleet, subjects, found)))) {
    found = await findLast(fleet, subjects, {end: found.sequence, matches: ({first}) => first <= afterSeq})
  }
  const state = {seq: afterSeq, pieces: []}
  if (found === undefined) return {...state, sequence: 0, epoch: 0}
  return {...state, sequence: found.envelope.after, epoch: found.envelope.epoch}
}
