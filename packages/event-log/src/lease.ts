import {closeSync, fstatSync, ftruncateSync, openSync} from 'node:fs'
import {DatabaseSync} from 'node:sqlite'

import {EventLogError} from './event-log.ts'
import {oddKindOf} from './sqlite/plain-files.ts'

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
 * (default 2000) while another process holds the lock, then throws `LeaseHeldError`. Throws an `EventLogError` `not-a-file` if
 * something else stands in the place of the file.
 *
 * A process must not take the same lease twice: POSIX locks belong to the process, and closing any handle of the file
 * frees them.
 */
export function takeLease(file: string, options: {waitMs?: number} = {}): Lease {
  const {waitMs = 2000} = options
  prepareFile(file)
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

/** Creates the file for its owner only, and empties it: SQLite cannot lock a file with other content than its own. */
function prepareFile(file: string): void {
  const found = oddKindOf(file)
  if (found !== undefined) {
    throw new EventLogError(
      'not-a-file',
      `Expected a file at ${file}, found ${found}: move it away, so that the session can be opened`,
    )
  }
  const descriptor = openSync(file, 'a', 0o600)
  try {
    if (fstatSync(descriptor).size > 0) ftruncateSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
