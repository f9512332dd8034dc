import type {Claim} from '../claim/plan-claim.ts'
import type {Fleet} from '../stream/fleet.ts'
import {bringLogUpTo} from './bring-log-up-to.ts'

export interface RestoreOptions {
  /** The log: it is created, or gets the events that it lacks. No process may have it open for writing. */
  file: string
  signal?: AbortSignal | undefined
}

/**
 * Reads the log of a claimed session back from the cluster, with the seqs and times of its events, so that this machine can
 * go on with it. Returns the number of events that were added.
 *
 * Throws a `FleetError`, `diverged` if the file has events that the cluster does not have, or an `EventLogError`. After one, call it
 * again: it goes on.
 */
export function restoreLog(fleet: Fleet, claim: Claim, {file, signal}: RestoreOptions): Promise<number> {
  return bringLogUpTo(fleet, claim.sessionId, {through: claim.through, file, signal})
}
