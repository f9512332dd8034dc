import {claimFile, homePaths, isEventLogError, listLogs, readClaimFile, sessionPaths} from '@holdfast/event-log'

import type {MachineContext} from '../machine-context.ts'
import {readLogEnd} from './read-log-end.ts'

/**
 * Whether a host of this machine has claimed a session that is open, and that no other machine was given since. Asks the disk only: a
 * host may have begun a session after the cluster was asked.
 */
export function hasHeldLog({fleet, me, home}: Pick<MachineContext, 'fleet' | 'me' | 'home'>): boolean {
  return listLogs(homePaths(home).sessions).some(({id}) => {
    const {log} = sessionPaths(home, id)
    const known = readClaimFile(claimFile(log))
    return known?.fleet === fleet.name && known.machine === me && !isClosed(log, id)
  })
}

function isClosed(log: string, sessionId: string): boolean {
  try {
    return readLogEnd(log, sessionId).isClosed
  } catch (error) {
    // What cannot be read may be open.
    if (isEventLogError(error)) return false
    throw error
  }
}
