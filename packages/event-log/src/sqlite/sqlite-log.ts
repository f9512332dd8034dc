import {dirname} from 'node:path'
import type {DatabaseSync} from 'node:sqlite'

import {reduceSession, type NewEvent, type SessionState} from '@holdfast/protocol'

import {EventLogError, isEventLogError, isReplaced, type EncodedEvent, type EventLog} from '../event-log.ts'
import {resolveRange, takeWithin, withoutFrames} from '../event-range.ts'
import {findFullDisk} from '../find-full-disk.ts'
import {stateChecksum, writerChecksum} from './checksums.ts'
import {flagDamage} from './damage-flag.ts'
import {encodeEvent, insertEvent, insertValues} from './event-rows.ts'
import {inTransaction} from './log-format.ts'
import {createLogReader, lazyStatements} from './log-reader.ts'
import {busyTimeoutMs, copyDatabase, openLogFile} from './open-log-file.ts'
import {storageErrorCode} from './storage-error.ts'
import {verifyIndex} from './verify-index.ts'

export interface SqliteLogOptions {
  file: string
  sessionId: string
  /** Creates the file if it is missing; otherwise a missing file is `not-found`. @default false */
  create?: boolean
  /** Opens the log for reading only, beside its writer. @default false */
  readOnly?: boolean
  /** Epoch ms. @default Date.now */
  now?: () => number
}

/**
 * Opens the log of one session, a SQLite file (mode 0600, WAL). Any number of processes may read it; one may write it: the
 * last one that opened it for writing, the appends of all others throw `replaced`. A log of an older format is migrated
 * when it is opened for writing, after a copy was made. All calls block while they work, and throw `EventLogError`.
 */
export function openSqliteLog(options: SqliteLogOptions): EventLog {
  return openSqliteLogFile(options)
}

interface WritableLog extends EventLog {
  /** The fencing token of this writer; 0 for a reader. */
  readonly epoch: number
  /** The epoch of the writer that opened the log last; `undefined` if it cannot be read. */
  storedEpoch(): number | undefined
}

/** A log in a file, for the repair of files. */
export interface SqliteLog extends WritableLog {
  /** Whether something could not be read since the log was opened. */
  readonly isDamaged: boolean
  /** Copies the whole log into a new file, also if its own file was deleted meanwhile. */
  copyTo(file: string): void
}

/** The same as `openSqliteLog`, for this package. */
export function openSqliteLogFile(options: SqliteLogOptions): SqliteLog {
  const {file, sessionId, create = false, readOnly = false, now = Date.now} = options
  let isDamaged = false
  const onDamage = () => {
    isDamaged = true
    if (!readOnly) flagDamage(file)
  }
  const fault = (error: unknown): never => {
    if (isEventLogError(error)) throw error
    const code = storageErrorCode(error)
    // SQLite cannot create a file, such as its WAL, where no inode is left, and says no more than that.
    const full = code === 'full' || code === 'io' ? findFullDisk(dirname(file)) : undefined
    const reason = full ?? (error instanceof Error ? error.message : String(error))
    if (code === 'damaged') onDamage()
    throw new EventLogError(code, `Cannot read or write the log of session ${sessionId} (${file}): ${reason}`, {
      cause: error,
    })
  }

  let database: DatabaseSync | undefined
  try {
    const opened = openLogFile({file, sessionId, create, readOnly})
    database = opened.database
    const log = createLog(opened.database, {sessionId, now, readOnly, format: opened.format, onDamage})
    const copyTo = (copy: string) => copyDatabase(opened.database, copy)
    return guarded(log, {fault, copyTo, isDamaged: () => isDamaged})
  } catch (error) {
    database?.close()
    return fault(error)
  }
}

/** For a writer after which another one has opened the log. */
export function replaced(sessionId: string): EventLogError {
  const message = `Another process has taken over the log of session ${sessionId}: this one can write no more`
  return new EventLogError('replaced', message)
}

/** Reads which writer opened a log last; `undefined` if the file is not a readable log of this session. */
export function readEpoch(file: string, sessionId: string): number | undefined {
  try {
    const {database} = openLogFile({file, sessionId, create: false, readOnly: true})
    try {
      const row = database.prepare('SELECT id, epoch FROM session, writer').get()
      return row?.['id'] === sessionId ? Number(row['epoch']) : undefined
    } finally {
      database.close()
    }
  } catch {
    return undefined
  }
}

const sql = {
  takeOver: 'UPDATE writer SET epoch = ? WHERE epoch = ?',
  epoch: 'SELECT epoch FROM writer',
  // Changes no row if another writer has opened the log.
  count: 'UPDATE writer SET last_seq = ?, state_seq = ?, checksum = ? WHERE epoch = ? AND last_seq = ?',
  setState: 'UPDATE session SET state = ?, state_seq = ?, checksum = ?',
} as const

interface LogContext extends Required<Pick<SqliteLogOptions, 'sessionId' | 'now' | 'readOnly'>> {
  format: number
  /** Called when something cannot be read. */
  onDamage: () => void
}

function createLog(database: DatabaseSync, {sessionId, now, readOnly, format, onDamage}: LogContext): WritableLog {
  const statement = lazyStatements(database)
  const reader = createLogReader(database, {sessionId, format, onDamage}, statement)
  const currentEpoch = () => {
    const epoch = statement(sql.epoch).get()?.['epoch']
    if (!Number.isInteger(epoch)) throw new SyntaxError('its writer is malformed')
    return Number(epoch)
  }
  /** The fencing token: a writer with another epoch than the stored one has been replaced. */
  let epoch = 0
  const takeOver = (from: number) => {
    inTransaction(database, () => {
      const {changes} = statement(sql.takeOver).run(from + 1, from)
      if (changes !== 1) throw replaced(sessionId)
    })
    epoch = from + 1
  }
  // Only the writer changes these, so it can keep them in memory; a reader must query them.
  // If the log is damaged, this throws before anything is written to it.
  let latestSeq = readOnly ? 0 : reader.latestSeq()
  let {state, stateSeq} = readOnly ? {state: undefined, stateSeq: 0} : reader.storedState()
  if (!readOnly) {
    verifyIndex(database, latestSeq)
    // After a power failure, no other writer may get the same epoch.
    database.exec('PRAGMA synchronous = FULL')
    takeOver(currentEpoch())
  }
  const currentSeq = () => (readOnly ? reader.latestSeq() : latestSeq)
  const requireCurrentWriter = () => {
    if (currentEpoch() !== epoch) throw replaced(sessionId)
  }
  const checkpoint = () => {
    // Without a wait for readers. A reader that is in the way leaves the rest to the next checkpoint.
    database.exec('PRAGMA busy_timeout = 0; PRAGMA wal_checkpoint(TRUNCATE)')
    database.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`)
  }
  /**
   * A COMMIT that fails may leave its frames in the WAL, where the next process that opens the log takes them for committed.
   * The next transaction overwrites them: so it follows at once, without the durability that the disk may refuse.
   */
  const commitOrRefuse = (change: () => void) => {
    let isCommitting = false
    try {
      inTransaction(database, () => {
        change()
        isCommitting = true
      })
    } catch (error) {
      if (isCommitting && storageErrorCode(error) === 'io') overwriteLeftFrames(error)
      throw error
    }
  }
  const overwriteLeftFrames = (cause: unknown) => {
    try {
      database.exec('PRAGMA synchronous = NORMAL')
      takeOver(epoch)
    } catch (error) {
      if (isReplaced(error)) throw error
      const message = `The disk failed, and it is not known whether it saved what session ${sessionId} was to do: look at the session before you send it again`
      throw new EventLogError('unknown', message, {cause})
    }
    try {
      checkpoint()
    } catch {
      // What is left has wrong checksums: no process uses it.
    }
  }
  /** The last commit: readers that keep up get it from here, not from the disk. */
  let committed: readonly EncodedEvent[] = []

  return {
    sessionId,
    get epoch() {
      return epoch
    },
    get latestSeq() {
      return currentSeq()
    },

    storedEpoch() {
      try {
        return currentEpoch()
      } catch {
        return undefined
      }
    },

    append(events: readonly NewEvent[], {durable = false} = {}) {
      if (events.length === 0) {
        requireCurrentWriter()
        return []
      }
      const at = now()
      const numbered = events.map((event, index) => ({...event, session_id: sessionId, seq: latestSeq + index + 1, at}))
      const nextState = numbered.reduce<SessionState | undefined>(reduceSession, state)
      const payloads = numbered.map(({payload}) => JSON.stringify(payload))
      const nextSeq = latestSeq + numbered.length
      const nextStateSeq = nextState === state ? stateSeq : nextSeq
      database.exec(durable ? 'PRAGMA synchronous = FULL' : 'PRAGMA synchronous = NORMAL')
      commitOrRefuse(() => {
        const checksum = writerChecksum(nextSeq, nextStateSeq)
        const {changes} = statement(sql.count).run(nextSeq, nextStateSeq, checksum, epoch, latestSeq)
        if (changes !== 1) {
          requireCurrentWriter()
          throw new SyntaxError(`its last event should be ${latestSeq}`)
        }
        numbered.forEach((event, index) => statement(insertEvent).run(...insertValues(event, payloads[index]!)))
        if (nextState === state) return
        const json = JSON.stringify(nextState)
        statement(sql.setState).run(json, nextSeq, stateChecksum(nextSeq, json))
      })
      latestSeq = nextSeq
      state = nextState
      stateSeq = nextStateSeq
      committed = numbered.map((event, index) => {
        const read = withoutFrames(event)
        return {event: read, json: encodeEvent(read, read === event ? payloads[index]! : '{}')}
      })
      return numbered
    },

    read: (range = {}) => reader.read(resolveRange(range, currentSeq())).map(({event}) => event),

    readEncoded(range = {}) {
      const resolved = resolveRange(range, currentSeq())
      const {first, last, limit, maxBytes, frames} = resolved
      const isAll = first === committed[0]?.event.seq && last === latestSeq && committed.length <= limit
      return isAll && !frames ? takeWithin(committed, ({json}) => json.length, maxBytes) : reader.read(resolved)
    },

    readPrompt: reader.readPrompt,
    readStartedPrompts: (range = {}) => reader.readStartedPrompts(range),
    state: () => (readOnly ? reader.storedState().state : state),

    checkpoint() {
      if (!readOnly) checkpoint()
    },

    close() {
      if (database.isOpen) database.close()
    },
  }
}

/** Wraps a log so that every storage fault becomes an `EventLogError`. */
function guarded(
  log: WritableLog,
  {fault, copyTo, isDamaged}: Pick<SqliteLog, 'copyTo'> & {fault: (error: unknown) => never; isDamaged: () => boolean},
): SqliteLog {
  const guard = <Args extends unknown[], Value>(call: (...args: Args) => Value) => {
    return (...args: Args): Value => {
      try {
        return call(...args)
      } catch (error) {
        return fault(error)
      }
    }
  }
  return {
    sessionId: log.sessionId,
    get epoch() {
      return log.epoch
    },
    storedEpoch: log.storedEpoch,
    get latestSeq() {
      return guard(() => log.latestSeq)()
    },
    get isDamaged() {
      return isDamaged()
    },
    append: guard(log.append),
    read: guard(log.read),
    readEncoded: guard(log.readEncoded),
    readPrompt: guard(log.readPrompt),
    readStartedPrompts: guard(log.readStartedPrompts),
    state: guard(log.state),
    checkpoint: guard(log.checkpoint),
    copyTo: guard(copyTo),
    close: guard(log.close),
  }
}
