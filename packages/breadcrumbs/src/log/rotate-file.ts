import {readlinkSync, renameSync, rmSync, statSync, symlinkSync} from 'node:fs'

/**
 * Moves `file` to `<file>.1` if it is larger than `maxBytes`, unless another process is about to. Throws what the file
 * system throws.
 *
 * One process at a time may move it, and it looks again first: two that both saw the full file would otherwise move it
 * twice, and the second move would put the new, nearly empty file over the full one. The lock is a symbolic link that
 * names its owner: made in one step, and free again when that process has died. Who finds it taken writes on; a line
 * that reaches the moved file is still a kept line.
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

/** Two may find the same dead owner. Each moves the lock aside before it looks, and so learns whose lock it took away. */
function removeLock(lock: string, owner: number): boolean {
  const aside = `${lock}.${process.pid}`
  try {
    renameSync(lock, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
  const taken = ownerOf(aside)
  rmSync(aside, {force: true})
  return taken === owner
}

function ownerOf(lock: string): number | undefined {
  try {
    return Number(readlinkSync(lock))
  } catch {
    return undefined // Its owner has let go just now, or it is no link of ours.
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
