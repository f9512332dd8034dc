import {readlinkSync, renameSync, rmSync, statSync, symlinkSync} from 'node:fs'

/**
 * Moves `file` to `<file>.1` if it is larger than `maxBytes`, unless another process is doing so. Throws the errors of the
 * file system.
 *
 * Only the holder of a lock moves the file, after it has checked the size again: two processes that found the file full
 * would else move it twice, and the second move would replace the full file by the new, nearly empty one. The lock is a
 * symbolic link to the pid of its owner: created in one step, and void when that process has died. A process that does
 * not get the lock goes on; a line that it writes to the moved file is kept, too.
 */
export function rotateFile(file: string, maxBytes: number): void {
  const lock = `${file}.lock`
  if (!takeLock(lock)) return
  try {
    const size = statSync(file, {throwIfNoEntry: false})?.size ?? 0
    if (size > Math.max(0, maxBytes)) renameSync(file, `${file}.1`)
  } finally {
    rmSync(lock, {force: true})
  }
}

function takeLock(lock: string): boolean {
  if (makeLock(lock)) return true
  const owner = ownerOf(lock)
  return owner !== undefined && !isAlive(owner) && removeLock(lock, owner) && makeLock(lock)
}

function makeLock(lock: string): boolean {
  try {
    symlinkSync(String(process.pid), lock)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Several processes may find the same dead owner. Each renames the lock before it reads it, so it knows whose lock it removed. */
function removeLock(lock: string, owner: number): boolean {
  const claimedLock = `${lock}.${process.pid}`
  try {
    renameSync(lock, claimedLock)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
  const taken = ownerOf(claimedLock)
  rmSync(claimedLock, {force: true})
  return taken === owner
}

function ownerOf(lock: string): number | undefined {
  try {
    return Number(readlinkSync(lock))
  } catch {
    return undefined // Its owner has just removed it, or it is not one of our links.
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}
