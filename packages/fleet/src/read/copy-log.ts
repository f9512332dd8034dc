import {currentClaim} from '../claim/current-claim.ts'
import {readEnd} from '../claim/last-logs.ts'
import {FleetError} from '../fleet-error.ts'
import type {Fleet} from '../stream/fleet.ts'
import {sessionSubjects} from '../stream/subjects.ts'
import {bringLogUpTo} from './bring-log-up-to.ts'
import type {RestoreOptions} from './restore-log.ts'

/**
 * Brings a copy of the log of a session, for reading, up to the last event that the cluster has now. It needs no claim: what counts now
 * counts for ever. Returns the number of events that were added.
 *
 * Throws a `FleetError`, `missing` if nobody has claimed the session, `deleted`, `diverged` if the file is not such a copy, or an
 * `EventLogError`. After one, call it again: it goes on.
 */
export async function copyLog(fleet: Fleet, sessionId: string, {file, signal}: RestoreOptions): Promise<number> {
  const subjects = sessionSubjects(fleet.name, fleet.shards, sessionId)
  const claim = await currentClaim(fleet, subjects)
  if (claim === undefined) throw new FleetError('missing', `Nobody has claimed session ${sessionId}`)
  if (claim.envelope.state === 'deleted') throw new FleetError('deleted', `Session ${sessionId} was deleted`)
  const {through} = await readEnd(fleet, subjects)
  return bringLogUpTo(fleet, sessionId, {through, file, signal})
}
