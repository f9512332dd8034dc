import {rmSync} from 'node:fs'

import {hasLog, isLeaseHeldError, type Lease, sessionPaths, takeLease} from '@holdfast/event-log'

/** Removes what a host leaves of a session that it did not create, because it could not start. */
export function removeLeftovers(home: string, sessionId: string): void {
  const {log, lease, socket, stderr, boot} = sessionPaths(home, sessionId)
  if (hasLog(log)) return
  let held: Lease | undefined
  try {
    held = takeLease(lease, {waitMs: 0})
  } catch (error) {
    // Another host creates the session now. Any other error, such as of a full disk, keeps no file in use.
    if (isLeaseHeldError(error)) return
  }
  for (const file of [socket, stderr, boot, lease]) rmSync(file, {force: true})
  held?.release()
}
