import {closeSync, fstatSync, ftruncateSync, lstatSync, openSync, type Stats} from 'node:fs'
import {DatabaseSync} from 'node:sqlite'

import {EventLogError} from './event-log.ts'
import {oddKindOf} from './sqlite/plain-files.ts'

export interface Lease {
  /** Whether the locked file still has its name. If not, another process can take a lease of the same name. */
  isInPlace(): boolean
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

/** By file. Keeps the databases reachable: the garbage collector would close them, and so free their locks. */
const held = new Map<string, DatabaseSync>()

/**
 * Takes the lease of a session: a kernel lock, held by an exclusive transaction on a small SQLite file of its own. The
 * kernel frees the lock when the process dies, however it dies, but a moment later: so this blocks for up to `waitMs`
 * (default 2000) while another process holds the lock, then throws `LeaseHeldError`. Throws an `EventLogError` `not-a-file` if
 * something else stands in the place of the file.
 *
 * POSIX locks belong to the process, and closing any handle of the file frees them: so a lease that this process holds is refused at once,
 * without opening the file.
 */
export function takeLease(file: string, options: {waitMs?: number} = {}): Lease {
  const {waitMs = 2000} = options
  for (;;) {
    const lease = lockFile(file, waitMs)
    if (lease.isInPlace()) return lease
    // The previous owner removed the file while this process waited for its lock.
    lease.release()
  }
}

function lockFile(file: string, waitMs: number): Lease {
  const before = lstatSync(file, {throwIfNoEntry: false})
  if (before !== undefined && held.has(keyOf(before))) {
    throw new LeaseHeldError(`This process holds the lease ${file} already`)
  }
  // It stays open: to close any handle of the file would free the lock. And while it is open, no other file gets its inode.
  const descriptor = openEmpty(file)
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(file)
    // The file only carries a lock, so its rollback journal can stay in memory.
    database.exec(`PRAGMA busy_timeout = ${waitMs}; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE`)
  } catch (error) {
    database?.close()
    closeSync(descriptor)
    // SQLITE_BUSY, https://www.sqlite.org/rescode.html#busy
    if ((error as {errcode?: number}).errcode === 5) {
      throw new LeaseHeldError(`Another process holds the lease ${file}: end that process, or wait until it ends`, {
        cause: error,
      })
    }
    throw error
  }
  const locked = database
  const key = keyOf(fstatSync(descriptor))
  held.set(key, locked)
  return {
    isInPlace() {
      const [own, found] = [fstatSync(descriptor), lstatSync(file, {throwIfNoEntry: false})]
      return found !== undefined && own.dev === found.dev && own.ino === found.ino
    },
    release() {
      if (held.get(key) !== locked) return
      held.delete(key)
      locked.close()
      closeSync(descriptor)
    },
  }
}

/** The file itself, whatever its name: that is what the kernel locks. */
function keyOf({dev, ino}: Pick<Stats, 'dev' | 'ino'>): string {
  return `${dev}:${ino}`
}

/** Creates the file for its owner only, and empties it: SQLite cannot lock a file with other content than its own. */
function openEmpty(file: string): number {
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
  } catch (error) {
    closeSync(descriptor)
    throw error
  }
  return descriptor
}
