import {closeSync, openSync} from 'node:fs'
import {DatabaseSync} from 'node:sqlite'

import {AccessError} from './access-error.ts'

/** How long a write waits for that of another process, ms. Reading waits for nobody: the file has a write-ahead log. */
const busyTimeoutMs = 1000
/** https://www.sqlite.org/rescode.html#busy */
const sqliteBusy = 5
const format = 1
const tables = `
  CREATE TABLE codes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    hash BLOB NOT NULL UNIQUE,
    name TEXT,
    is_read_only INTEGER NOT NULL,
    device_ms INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    device TEXT
  ) STRICT;
  CREATE TABLE devices (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    token_hash BLOB NOT NULL UNIQUE,
    is_read_only INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
  ) STRICT;
  PRAGMA user_version = ${format};
`

/** Opens the file, and creates it for its user only. SQLite gives its own files beside it the same mode. */
export function openDatabase(file: string): DatabaseSync {
  try {
    closeSync(openSync(file, 'a', 0o600))
    const database = new DatabaseSync(file, {timeout: busyTimeoutMs})
    try {
      prepareDatabase(database, file)
      return database
    } catch (error) {
      database.close()
      throw error
    }
  } catch (error) {
    if (error instanceof AccessError) throw error
    throw new AccessError('unreadable', `the credentials in ${file} cannot be read: ${(error as Error).message}`, {
      cause: error,
    })
  }
}

function prepareDatabase(database: DatabaseSync, file: string): void {
  // FULL: a device that was revoked stays so after a power failure.
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
  if (formatOf(database) === 0) {
    inTransaction(database, () => {
      // Another process may have been faster.
      if (formatOf(database) === 0) database.exec(tables)
    })
  }
  const found = formatOf(database)
  if (found !== format) {
    throw new AccessError('newer', `${file} has format ${found}, expected ${format}: update this program`)
  }
}

/** Runs `work` in a transaction, and rolls it back if it throws. */
export function inTransaction<Value>(database: DatabaseSync, work: () => Value): Value {
  database.exec('BEGIN IMMEDIATE')
  try {
    const value = work()
    database.exec('COMMIT')
    return value
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}

/** Does work that may as well be left out, at once, or not while another process writes. */
export function unlessLocked(database: DatabaseSync, work: () => void): void {
  database.exec('PRAGMA busy_timeout = 0')
  try {
    work()
  } catch (error) {
    if ((error as {errcode?: unknown}).errcode !== sqliteBusy) throw error
  } finally {
    database.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`)
  }
}

function formatOf(database: DatabaseSync): number {
  return (database.prepare('PRAGMA user_version').get() as {user_version: number}).user_version
}
