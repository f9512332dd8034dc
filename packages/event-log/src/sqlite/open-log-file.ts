import {accessSync, closeSync, constants, existsSync, openSync, renameSync, rmSync, statSync} from 'node:fs'
import {dirname} from 'node:path'
import {DatabaseSync} from 'node:sqlite'
import {pathToFileURL} from 'node:url'

import {EventLogError} from '../event-log.ts'
import {createTables, logFormat, migrateTables, readKind, type LogKind} from './log-format.ts'
import {storageErrorCode} from './storage-error.ts'

export interface LogFileOptions {
  file: string
  sessionId: string
  /** Makes the file when there is none. */
  create: boolean
  /** Opens for reading only, beside the one that writes. */
  readOnly: boolean
}

/** A log's open file. `format` is an older one only where it is read. */
export interface LogFile {
  database: DatabaseSync
  format: number
}

/** Where the log is kept as it was before it was migrated. */
function copyBeforeMigration(file: string, format: number): string {
  return `${file}.format-${format}`
}

/** Opens the file of a log, makes or migrates its tables. Throws `EventLogError`, or what SQLite and the system throw. */
export function openLogFile(options: LogFileOptions): LogFile {
  const {file, sessionId, create, readOnly} = options
  if (!existsSync(file)) {
    if (!create) throw new EventLogError('not-found', `There is no session ${sessionId}: ${file} is not there`)
    makePrivate(file)
  }
  // A look at first: opened for writing, even a file that is refused would be tidied up.
  const {database: looking, kind} = look(file)
  if (readOnly) {
    if (kind.kind === 'log') return {database: looking, format: kind.format}
    looking.close()
    // Whoever makes it has not come further; for a reader it is not there yet.
    throw new EventLogError('not-found', `Expected the log of session ${sessionId} at ${file}, it is not written yet`)
  }
  const database = openDatabase(file, {readOnly: false})
  looking.close()
  try {
    prepareForWriting(database, kind, options)
  } catch (error) {
    database.close()
    throw error
  }
  return {database, format: logFormat}
}

function look(file: string): {database: DatabaseSync; kind: LogKind} {
  const open = (location: string | URL) => {
    const database = openDatabase(location, {readOnly: true})
    try {
      return {database, kind: expectUsable(readKind(database), file)}
    } catch (error) {
      database.close()
      throw error
    }
  }
  try {
    return open(file)
  } catch (error) {
    // Where nothing can be written, readers cannot tell each other of themselves: but then nobody changes the file, either.
    if (storageErrorCode(error) !== 'io' || !isUnchanging(file)) throw error
    const url = pathToFileURL(file)
    url.searchParams.set('immutable', '1')
    return open(url)
  }
}

/** On a disk that is read-only, and whole without its WAL. */
function isUnchanging(file: string): boolean {
  if ((statSync(`${file}-wal`, {throwIfNoEntry: false})?.size ?? 0) > 0) return false
  try {
    accessSync(dirname(file), constants.W_OK)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EROFS'
  }
}

function openDatabase(file: string | URL, options: {readOnly: boolean}): DatabaseSync {
  const database = new DatabaseSync(file, options)
  // A reader may meet the writer's checkpoint; it waits rather than fails.
  database.exec('PRAGMA busy_timeout = 2000')
  return database
}

function expectUsable(kind: LogKind, file: string): LogKind {
  if (kind.kind === 'other')
    throw new EventLogError('damaged', `Expected the log of a session, ${file} is some other database`)
  if (kind.kind === 'log' && kind.format > logFormat) {
    throw new EventLogError(
      'newer-format',
      `Expected a log of format ${logFormat} or older, ${file} has format ${kind.format}: use the Holdfast that wrote it, or a newer one`,
    )
  }
  return kind
}

function prepareForWriting(database: DatabaseSync, kind: LogKind, {file, sessionId}: LogFileOptions): void {
  database.exec('PRAGMA journal_mode = WAL; PRAGMA journal_size_limit = 4194304')
  if (kind.kind === 'empty') return createTables(database, sessionId)
  if (kind.kind !== 'log' || kind.format === logFormat) return
  keepCopy(database, copyBeforeMigration(file, kind.format))
  migrateTables(database, kind.format, sessionId)
}

/** The whole log as it is, in one file of its own. One that is there was made before a migration that did not end. */
function keepCopy(database: DatabaseSync, copy: string): void {
  if (existsSync(copy)) return
  const part = `${copy}.part`
  rmSync(part, {force: true})
  makePrivate(part)
  database.prepare('VACUUM INTO ?').run(part)
  renameSync(part, copy)
}

/** SQLite would make it readable for all; its WAL takes over the mode of the file. */
function makePrivate(file: string): void {
  closeSync(openSync(file, 'wx', 0o600))
}
