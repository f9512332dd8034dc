import {closeSync, openSync} from 'node:fs'
import {DatabaseSync} from 'node:sqlite'

export interface Lease {
  release(): void
}

/** The session is held by another process. */
export class LeaseHeldError extends Error {
  override name = 'LeaseHeldError'
}

/** A database that nobody refers to is collected, and its lock is freed with it. */
const held = new Set<DatabaseSync>()

/**
 * Takes the lease of a session: a kernel lock, held by an exclusive transaction on a small SQLite file of its own. The
 * kernel frees it when the process dies, however it dies. Waits up to `waitMs` (default 2000), blocking: the lock of a
 * killed process is freed a moment after its death. Throws `LeaseHeldError`.
 *
 * One caller at a time in a process: POSIX locks belong to the process, and closing any handle of the file frees them.
 */
export function takeLease(file: string, options: {waitMs?: number} = {}): Lease {
  const {waitMs = 2000} = options
  // SQLite would make it readable for all.
  closeSync(openSync(file, 'a', 0o600))
  const database = new DatabaseSync(file)
  try {
    // A rollback journal in memory: the lock is all that this file is for.
    database.exec(`PRAGMA busy_timeout = ${waitMs}; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE`)
  } catch (error) {
    database.close()
    // SQLITE_BUSY, https://www.sqlite.org/rescode.html#busy
    if ((error as {errcode?: number}).errcode === 5) {
      throw new LeaseHeldError(`Expected the lease ${file} to be free, another host holds it`, {cause: error})
    }
    throw error
  }
  held.add(database)
  return {
    release() {
      held.delete(database)
      database.close()
    },
  }
}
