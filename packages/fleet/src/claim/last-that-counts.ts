import type {LogEnvelope} from '../stream/envelope.ts'
import type {Fleet} from '../stream/open-fleet.ts'
import {logAt, winningClaim, type Stored} from '../stream/session-messages.ts'
import type {SessionSubjects} from '../stream/subjects.ts'

/** Whether nobody had claimed the session from the writer of a message before it was stored. */
export async function counts(
  fleet: Fleet,
  subjects: SessionSubjects,
  {sequence, envelope}: Stored<LogEnvelope>,
): Promise<boolean> {
  const later = await winningClaim(fleet, subjects, envelope.epoch + 1)
  return later === undefined || later.sequence > sequence
}

/** The last message with events, from `from` back, that counts. */
export async function lastThatCounts(
  fleet: Fleet,
  subjects: SessionSubjects,
  from: Stored<LogEnvelope> | undefined,
): Promise<Stored<LogEnvelope> | undefined> {
  let found = from
  while (found !== undefined && !(await counts(fleet, subjects, found))) {
    found = found.envelope.after === 0 ? undefined : await logAt(fleet, subjects, found.envelope.after)
  }
  return found
}
