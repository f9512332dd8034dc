import {closeSync, existsSync, openSync} from 'node:fs'
import {DatabaseSync, type SQLOutputValue} from 'node:sqlite'

import {reduceSession, type NewEvent, type SessionEvent, type SessionState} from '@holdfast/protocol'

import {EventLogError, promptIdOf, type EventLog} from './event-log.ts'
import {resolveRange, takeWithin, type EventRange} from './event-range.ts'
import {storageErrorCode} from './storage-error.ts'

/** Grows when the tables change. A file of a newer format is refused, never touched. */
export const logFormat = 1

/** "hfst" in the file's header: tells a log from any other SQLite file. */
const applicationId = 0x68667374

/** The state is kept beside the events, so that opening a session costs the same whatever its length. */
const schema = `
  PRAGMA application_id = ${applicationId};
  PRAGMA user_version = ${logFormat};
  CREATE TABLE session (id TEXT PRIMARY KEY, state TEXT) STRICT;
  CREATE TABLE events (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    type TEXT NOT NULL,
    prompt_id TEXT,
    payload TEXT NOT NULL
  ) STRICT;
  CREATE INDEX prompt_events ON events (prompt_id, seq) WHERE prompt_id IS NOT NULL AND type <> 'message.delta';
`

export interface SqliteLogOptions {
  file: string
  sessionId: string
  /** Makes the file when there is none; else a missing file is `not-found`. @default false */
  create?: boolean
  /** Opens for reading only, beside the one that writes. @default false */
  readOnly?: boolean
  /** Epoch ms. @default Date.now */
  now?: () => number
}

/**
 * Opens the log of one session in its SQLite file (mode 0600, WAL). One process may have it open for writing, any
 * number for reading. Blocks while it works. Throws `EventLogError`.
 */
export function openSqliteLog(options: SqliteLogOptions): EventLog {
  const {file, sessionId, create = false, readOnly = false, now = Date.now} = options
  if (!existsSync(file)) {
    if (!create) throw new EventLogError('not-found', `There is no session ${sessionId}: ${file} is not there`)
    // SQLite would make it readable for all; its WAL takes over the mode of the file.
    closeSync(openSync(file, 'wx', 0o600))
  }
  const fault = (error: unknown): never => {
    if (error instanceof EventLogError) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new EventLogError(storageErrorCode(error), `The log of session ${sessionId} at ${file}: ${reason}`, {
      cause: error,
    })
  }

  let database: DatabaseSync
  try {
    database = new DatabaseSync(file, {readOnly})
  } catch (error) {
    return fault(error)
  }
  try {
    prepare(database, {sessionId, readOnly, file})
    const log = readyLog(database, {sessionId, now, readOnly})
    return guarded(log, fault)
  } catch (error) {
    database.close()
    return fault(error)
  }
}

function prepare(
  database: DatabaseSync,
  {sessionId, readOnly, file}: {sessionId: string; readOnly: boolean; file: string},
) {
  // A reader may meet the writer's checkpoint; it waits rather than fails.
  database.exec('PRAGMA busy_timeout = 2000')
  const {application_id} = database.prepare('PRAGMA application_id').get() as {application_id: number}
  const {user_version} = database.prepare('PRAGMA user_version').get() as {user_version: number}
  if (application_id === applicationId && user_version > logFormat) {
    throw new EventLogError(
      'newer-format',
      `Expected a log of format ${logFormat} or older, ${file} has format ${user_version}: use the Holdfast that wrote it, or a newer one`,
    )
  }
  const isEmpty = application_id === 0 && user_version === 0
  if (!isEmpty && application_id !== applicationId) {
    throw new EventLogError('damaged', `Expected the log of a session, ${file} is some other database`)
  }
  if (readOnly && isEmpty) {
    // Whoever makes it has not come further; for a reader it is not there yet.
    throw new EventLogError('not-found', `Expected the log of session ${sessionId} at ${file}, it is not written yet`)
  }
  if (readOnly) return
  database.exec('PRAGMA journal_mode = WAL; PRAGMA journal_size_limit = 4194304')
  if (!isEmpty) return
  database.exec(`BEGIN IMMEDIATE; ${schema}`)
  database.prepare('INSERT INTO session (id, state) VALUES (?, NULL)').run(sessionId)
  database.exec('COMMIT')
}

function readyLog(
  database: DatabaseSync,
  {sessionId, now, readOnly}: {sessionId: string; now: () => number; readOnly: boolean},
): EventLog {
  const lastSeq = database.prepare('SELECT coalesce(max(seq), 0) AS seq FROM events')
  const readState = database.prepare('SELECT state FROM session')
  const insert = database.prepare('INSERT INTO events (seq, at, type, prompt_id, payload) VALUES (?, ?, ?, ?, ?)')
  const writeState = database.prepare('UPDATE session SET state = ?')
  const select = (order: 'ASC' | 'DESC') =>
    database.prepare(
      `SELECT seq, at, type, payload FROM events WHERE seq BETWEEN ? AND ? ORDER BY seq ${order} LIMIT ?`,
    )
  const selectFrom = {oldest: select('ASC'), newest: select('DESC')}
  const selectPrompt = database.prepare(
    `SELECT seq, at, type, payload FROM events WHERE prompt_id = ? AND type <> 'message.delta' ORDER BY seq`,
  )

  const currentSeq = () => (lastSeq.get() as {seq: number}).seq
  const currentState = () => {
    const row = readState.get() as {state: string | null} | undefined
    return row?.state == null ? undefined : (JSON.parse(row.state) as SessionState)
  }
  // The writer is the only one who changes these, so it need not ask; a reader must.
  let latestSeq = currentSeq()
  let state = currentState()

  const toEvent = (row: Record<string, SQLOutputValue>) =>
    ({
      type: row.type,
      session_id: sessionId,
      seq: row.seq,
      at: row.at,
      payload: JSON.parse(row.payload as string),
    }) as SessionEvent

  return {
    sessionId,
    get latestSeq() {
      return readOnly ? currentSeq() : latestSeq
    },

    append(events: readonly NewEvent[], {durable = false} = {}) {
      if (events.length === 0) return []
      const at = now()
      const numbered = events.map((event, index) => ({...event, session_id: sessionId, seq: latestSeq + index + 1, at}))
      const nextState = numbered.reduce<SessionState | undefined>(reduceSession, state)
      database.exec(durable ? 'PRAGMA synchronous = FULL' : 'PRAGMA synchronous = NORMAL')
      database.exec('BEGIN IMMEDIATE')
      try {
        for (const event of numbered) {
          insert.run(event.seq, event.at, event.type, promptIdOf(event) ?? null, JSON.stringify(event.payload))
        }
        if (nextState !== state) writeState.run(JSON.stringify(nextState))
        database.exec('COMMIT')
      } catch (error) {
        if (database.isTransaction) database.exec('ROLLBACK')
        throw error
      }
      latestSeq += numbered.length
      state = nextState
      return numbered
    },

    read(range: EventRange = {}) {
      const {first, last, from, limit, maxBytes} = resolveRange(range, currentSeq())
      const rows = selectFrom[from].iterate(first, last, limit)
      const events = takeWithin(rows, (row) => (row.payload as string).length, maxBytes).map(toEvent)
      return from === 'oldest' ? events : events.reverse()
    },

    readPrompt: (promptId) => selectPrompt.all(promptId).map(toEvent),
    state: () => (readOnly ? currentState() : state),

    close() {
      if (database.isOpen) database.close()
    },
  }
}

/** The same log, with each fault of storage told as an `EventLogError`. */
function guarded(log: EventLog, fault: (error: unknown) => never): EventLog {
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
    get latestSeq() {
      return guard(() => log.latestSeq)()
    },
    append: guard(log.append),
    read: guard(log.read),
    readPrompt: guard(log.readPrompt),
    state: guard(log.state),
    close: guard(log.close),
  }
}
