import {existsSync, mkdirSync, rmSync} from 'node:fs'
import {setTimeout as delay} from 'node:timers/promises'

import {deleteLog, homePaths, type Lease, LeaseHeldError, sessionPaths, takeLease} from '@holdfast/event-log'
import {errorCodes} from '@holdfast/protocol'
import {RpcError} from '@holdfast/rpc'

/** How often to look again whether a host has gone: one that was just closed takes a moment. */
const looks = 20
const lookAgainMs = 100

/**
 * Removes all files of a session, under its lease, so that no host has it open, and none can come to. Rejects with
 * `sessionNotFound`, or `notAllowed` while it has a host.
 */
export async function deleteSession(home: string, sessionId: string): Promise<void> {
  const {log, lease, socket, stderr} = sessionPaths(home, sessionId)
  if (!existsSync(log)) throw new RpcError(errorCodes.sessionNotFound, `There is no session ${sessionId}`)
  mkdirSync(homePaths(home).run, {recursive: true, mode: 0o700})
  const held = await waitForLease(lease)
  if (held === undefined) {
    throw new RpcError(
      errorCodes.notAllowed,
      `Expected session ${sessionId} to be closed, or stopped, it is open: close it first`,
    )
  }
  try {
    deleteLog(log)
    for (const file of [socket, stderr, lease]) rmSync(file, {force: true})
  } finally {
    held.release()
  }
}

async function waitForLease(file: string): Promise<Lease | undefined> {
  for (let look = 0; look < looks; look++) {
    if (look > 0) await delay(lookAgainMs)
    try {
      return takeLease(file, {waitMs: 0})
    } catch (error) {
      if (!(error instanceof LeaseHeldError)) throw error
    }
  }
  return undefined
}
