import {closeSync, openSync, rmSync, statfsSync, writeSync} from 'node:fs'
import {dirname, join} from 'node:path'

/** What a new session needs: its log and what SQLite keeps beside it, its socket, lease, PID file and stderr. */
const neededBytes = 128 * 1024
const neededFiles = 8

const noRoomCodes: ReadonlySet<string | undefined> = new Set(['EDQUOT', 'ENOSPC'])

/** What `findFullDisk` finds, if an error of the file system says that there was no room. */
export function explainNoRoom(error: unknown, folder: string): string | undefined {
  return noRoomCodes.has((error as NodeJS.ErrnoException).code) ? findFullDisk(folder) : undefined
}

/**
 * Why a folder, or the nearest one above it that exists, has no room for a new session, and what to do; `undefined` if it has.
 * Tries it with a file, as quotas and reserved blocks count, too: call it after something has failed.
 */
export function findFullDisk(folder: string): string | undefined {
  const noRoom = `the disk of ${folder} has no room for more files (it is out of inodes): delete some files, then try again`
  const file = join(folder, `${process.pid}.room`)
  let fd: number | undefined
  try {
    fd = openSync(file, 'wx', 0o600)
    const {files, ffree} = statfsSync(folder)
    // Some file systems report no number.
    if (files > 0 && ffree + 1 < neededFiles) return noRoom
    for (let written = 0; written < neededBytes;) written += writeSync(fd, Buffer.alloc(neededBytes - written))
    return undefined
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException
    if (code === 'ENOENT' && folder !== dirname(folder)) return findFullDisk(dirname(folder))
    if (!noRoomCodes.has(code)) return undefined
    return fd === undefined ? noRoom : `the disk of ${folder} is full: free some space, then try again`
  } finally {
    if (fd !== undefined) {
      closeSync(fd)
      rmSync(file, {force: true})
    }
  }
}
