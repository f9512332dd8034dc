import {mkdirSync, rmSync} from 'node:fs'
import {setTimeout as delay} from 'node:timers/promises'

import {deleteLog, hasLog, homePaths, type Lease, isLeaseHeldError, sessionPaths, takeLease} from '@holdfast/event-log'
import {errorCodes} from '@holdfast/protocol'
import {RpcError} from '@holdfast/rpc'

/** A host that was just closed takes a moment to exit: how often to try its lease, and the pause between, ms. */
const maxAttempts = 20
const pauseMs = 100

/**
 * Removes all files of a session while it holds the lease, so that no host has the session open or can open it. Rejects
 * with an `RpcError` `sessionNotFound`, or `notAllowed` while the session has a host.
 */
export async function deleteSession(home: string, sessionId: string): Promise<void> {
  const {log, lease, socket, stderr, shells, boot} = sessionPaths(home, sessionId)
  if (!hasLog(log)) throw new RpcError(errorCodes.sessionNotFound, `There is no session ${sessionId}`)
  mkdirSync(homePaths(home).run, {recursive: true, mode: 0o700})
  const held = await waitForLease(lease)
  if (held === undefined) {
    throw new RpcError(errorCodes.notAllowed, `Session ${sessionId} is open: close it first`)
  }
  try {
    deleteLog(log)
    rmSync(shells, {force: true, recursive: true})
    for (const file of [socket, stderr, boot, lease]) rmSync(file, {force: true})
  } finally {
    held.release()
  }
}

async function waitForLease(file: string): Promise<Lease | undefined> {
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    if (attempt > 0) await delay(pauseMs)
    try {
      return takeLease(file, {waitMs: 0})
    } catch (error) {
      if (!isLeaseHeldError(error)) throw error
    }
  }
  return undefined
}
