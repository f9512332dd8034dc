import {mkdirSync, rmSync} from 'node:fs'

import {deleteLog, homePaths, isLeaseHeldError, sessionPaths, takeLease} from '@holdfast/event-log'

/**
 * Does something with the files of a session while no host can run it. `busy`: a host runs it, or somebody else works on it.
 */
export async function withoutHost<Value>(
  home: string,
  sessionId: string,
  work: () => Promise<Value> | Value,
): Promise<Value | 'busy'> {
  const {run, sessions} = homePaths(home)
  for (const folder of [run, sessions]) mkdirSync(folder, {recursive: true, mode: 0o700})
  const {lease: file} = sessionPaths(home, sessionId)
  let lease
  try {
    lease = takeLease(file, {waitMs: 0})
  } catch (error) {
    if (isLeaseHeldError(error)) return 'busy'
    throw error
  }
  try {
    return await work()
  } finally {
    lease.release()
  }
}

/** Removes all files of a session. Call it in `withoutHost`. */
export function removeSession(home: string, sessionId: string): void {
  const {log, socket, stderr, shells, boot, lease} = sessionPaths(home, sessionId)
  deleteLog(log)
  rmSync(shells, {force: true, recursive: true})
  for (const file of [socket, stderr, boot, lease]) rmSync(file, {force: true})
}
