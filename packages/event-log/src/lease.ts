import {closeSync, openSync} from 'node:fs'
import {DatabaseSync} from 'node:sqlite'

export interface Lease {
  release(): void
}

const brand = Symbol.for('holdfast.LeaseHeldError')

/** Another process holds the lease. */
export class LeaseHeldError extends Error {
  override name = 'LeaseHeldError'
  readonly [brand] = true
}

export function isLeaseHeldError(error: unknown): error is LeaseHeldError {
  return typeof error === 'object' && error !== null && brand in error
}

/** Keeps the databases reachable: the garbage collector would close them, and so free their locks. */
const held = new Set<DatabaseSync>()

/**
 * Takes the lease of a session: a kernel lock, held by an exclusive transaction on a small SQLite file of its own. The
 * kernel frees the lock when the process dies, however it dies, but a moment later: so this blocks for up to `waitMs`
 * (default 2000) while another process holds the lock, then throws `LeaseHeldError`.
 *
 * A process must not take the same lease twice: POSIX locks belong to the process, and closing any handle of the file
 * frees them.
 */
export function takeLease(file: string, options: {waitMs?: number} = {}): Lease {
  const {waitMs = 2000} = options
  // SQLite would create the file readable by everybody.
  closeSync(openSync(file, 'a', 0o600))
  const database = new DatabaseSync(file)
  try {
    // The file only carries a lock, so its rollback journal can stay in memory.
    database.exec(`PRAGMA busy_timeout = ${waitMs}; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE`)
  } catch (error) {
    database.close()
    // SQLITE_BUSY, https://www.sqlite.org/rescode.html#busy
    if ((error as {errcode?: number}).errcode === 5) {
      throw new LeaseHeldError(`Another process holds the lease ${file}: end that process, or wait until it ends`, {
        cause: error,
      })
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
