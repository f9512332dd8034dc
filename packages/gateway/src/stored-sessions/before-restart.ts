import {readFileSync} from 'node:fs'

import {sessionPaths} from '@holdfast/event-log'
import {readBootId} from '@holdfast/supervisor'

/** Whether a session without a host had one when the machine went down. `false` without `/proc`. */
export function wasOpenBeforeRestart(home: string, sessionId: string): boolean {
  return isOfEarlierBoot(readRecord(sessionPaths(home, sessionId).boot), readBootId())
}

/** Whether a host that recorded this boot id ran in an earlier boot of the machine. Pure. */
export function isOfEarlierBoot(recorded: string | undefined, boot: string | undefined): boolean {
  return recorded !== undefined && recorded !== '' && boot !== undefined && recorded !== boot
}

/** What the host of a session recorded; it removes the file when it ends because of the session. */
function readRecord(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return undefined
  }
}
