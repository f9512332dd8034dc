import {accessSync, closeSync, constants, existsSync, openSync, renameSync, rmSync, statSync} from 'node:fs'
import {dirname} from 'node:path'
import {DatabaseSync} from 'node:sqlite'

import {EventLogError} from '../event-log.ts'
import {hasBrokenWal} from './inspect-wal.ts'
import {createTables, logFormat, migrateTables, readKind, type LogKind} from './log-format.ts'
import {hasLog, repairedFile, requirePlainFiles} from './plain-files.ts'
import {hasWal, immutableUrl} from './read-alone.ts'
import {isReadOnly, storageErrorCode} from './storage-error.ts'

export interface LogFileOptions {
  file: string
  sessionId: string
  /** Creates the file if it is missing. */
  create: boolean
  /** Opens the file for reading only, beside its writer. */
  readOnly: boolean
}

/** How long a process waits for another one's lock on the file. */
export const busyTimeoutMs = 2000

/** The open file of a log. Only a reader sees a `format` older than `logFormat`. */
export interface LogFile {
  database: DatabaseSync
  format: number
}

/** Opens the file of a log, and creates or migrates its tables. Throws `EventLogError`, and errors of SQLite and the system. */
export function openLogFile(options: LogFileOptions): LogFile {
  const {sessionId, create, readOnly} = options
  requirePlainFiles(options.file)
  // The next host puts the whole log in its place.
  const file = readOnly && !existsSync(options.file) && hasLog(options.file) ? repairedFile(options.file) : options.file
  if (!existsSync(file)) {
    if (!create) throw new EventLogError('not-found', `There is no session ${sessionId}: ${file} does not exist`)
    createPrivateFile(file)
  }
  if (!create) requireContent(file)
  // Before SQLite opens the file, and forgets what it does not find in the WAL.
  if (readOnly) requireWholeWal(file)
  // Read-only first: SQLite would change even a file that is rejected, as it checkpoints the WAL of what it opens for writing.
  const {database: reader, kind} = openForReading(file)
  if (readOnly) {
    if (kind.kind === 'log') return {database: reader, format: kind.format}
    reader.close()
    // Its host is still creating it.
    throw new EventLogError('not-found', `There is no session ${sessionId} yet: ${file} is empty`)
  }
  const database = openDatabase(file, {readOnly: false})
  reader.close()
  try {
    prepareForWriting(database, kind, options)
  } catch (error) {
    database.close()
    throw error
  }
  return {database, format: logFormat}
}

function openForReading(file: string): {database: DatabaseSync; kind: LogKind} {
  const open = (location: string | URL) => {
    const database = openDatabase(location, {readOnly: true})
    try {
      return {database, kind: requireUsable(readKind(database), file)}
    } catch (error) {
      database.close()
      throw error
    }
  }
  try {
    return open(file)
  } catch (error) {
    // On a read-only disk SQLite cannot create its shared memory; but there no other process changes the file either.
    if (storageErrorCode(error) !== 'io' || !isImmutable(file)) throw error
    return open(immutableUrl(file))
  }
}

/** Whether the file is on a read-only disk and needs no WAL. */
function isImmutable(file: string): boolean {
  if (hasWal(file)) return false
  try {
    accessSync(dirname(file), constants.W_OK)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EROFS'
  }
}

function openDatabase(file: string | URL, options: {readOnly: boolean}): DatabaseSync {
  const database = new DatabaseSync(file, options)
  // A reader that meets the writer's checkpoint waits for it.
  database.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`)
  return database
}

function requireUsable(kind: LogKind, file: string): LogKind {
  if (kind.kind === 'other')
    throw new EventLogError('damaged', `${file} is not the log of a session: another program created this database`)
  if (kind.kind === 'damaged') throw new EventLogError('damaged', `The log ${file} is damaged in its header or schema`)
  if (kind.kind === 'log' && kind.format > logFormat) {
    throw new EventLogError(
      'newer-format',
      `A newer version of Holdfast wrote ${file}: use that version (log format ${kind.format}, this version reads up to ${logFormat})`,
    )
  }
  return kind
}

/** How long after its file a log may get its tables, ms. */
const creationMs = 60_000

/** The first bytes of a file are its header. SQLite takes a file with less for an empty database. */
const headerBytes = 100

/** Something has emptied or truncated a file that is empty and was not created just now. */
function requireContent(file: string): void {
  const {size, mtimeMs} = statSync(file)
  if (size >= headerBytes || hasWal(file) || (size === 0 && Date.now() - mtimeMs < creationMs)) return
  throw new EventLogError('damaged', `The log ${file} is empty: its content is lost`)
}

/** A reader would see the session as it was before the damage, or none at all. A writer repairs it first. */
function requireWholeWal(file: string): void {
  if (hasBrokenWal(file)) throw new EventLogError('damaged', `The log ${file} is damaged in its WAL`)
}

function prepareForWriting(database: DatabaseSync, kind: LogKind, {file, sessionId}: LogFileOptions): void {
  requireWritable(database, file)
  database.exec('PRAGMA journal_mode = WAL; PRAGMA journal_size_limit = 4194304')
  if (kind.kind === 'empty') return createTables(database, sessionId)
  if (kind.kind !== 'log' || kind.format === logFormat) return
  keepCopy(database, `${file}.format-${kind.format}`)
  migrateTables(database, kind.format, sessionId)
}

/** SQLite writes to no log whose header has an unknown version, whatever the system allows. */
function requireWritable(database: DatabaseSync, file: string): void {
  try {
    database.exec('BEGIN IMMEDIATE; ROLLBACK')
  } catch (error) {
    if (!isReadOnly(error) || !isWritable(file)) throw error
    throw new EventLogError('damaged', `The log ${file} is damaged in its header`, {cause: error})
  }
}

function isWritable(file: string): boolean {
  try {
    accessSync(file, constants.W_OK)
    return true
  } catch {
    return false
  }
}

/** Copies the whole log into one file. A copy that exists is from a migration that was cut short. */
function keepCopy(database: DatabaseSync, copy: string): void {
  if (existsSync(copy)) return
  const part = `${copy}.part`
  rmSync(part, {force: true})
  copyDatabase(database, part)
  renameSync(part, copy)
}

/** Copies all tables into a new file. */
export function copyDatabase(database: DatabaseSync, copy: string): void {
  createPrivateFile(copy)
  database.prepare('VACUUM INTO ?').run(copy)
}

/** SQLite would create the file readable by everybody. Its WAL has the mode of the file. */
function createPrivateFile(file: string): void {
  closeSync(openSync(file, 'wx', 0o600))
}
