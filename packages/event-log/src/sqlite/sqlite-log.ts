import {closeSync, openSync} from 'node:fs'
import {dirname} from 'node:path'
import type {DatabaseSync, StatementSync} from 'node:sqlite'

import {reduceSession, type NewEvent, type SessionEvent, type SessionState} from '@holdfast/protocol'

import {EventLogError, isEventLogError, promptIdOf, type EncodedEvent, type EventLog} from '../event-log.ts'
import {cutToRange, resolveRange, takeWithin, type ResolvedRange} from '../event-range.ts'
import {findFullDisk} from '../home/find-full-disk.ts'
import {encodeEvent, reduceState, inTransaction, logFormat, toEvent} from './log-format.ts'
import {openLogFile} from './open-log-file.ts'
import {salvageRows} from './salvage-rows.ts'
import {storageErrorCode} from './storage-error.ts'

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
  const {file, sessionId, create = false, readOnly = false, now = Date.now} = options
  const onDamage = () => {
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
    return guarded(log, fault)
  } catch (error) {
    database?.close()
    return fault(error)
  }
}

/** The flag file that a writer creates when it finds damage. It makes the next host repair the log. */
export function damageFlagFile(file: string): string {
  return `${file}.repair-needed`
}

function flagDamage(file: string): void {
  try {
    closeSync(openSync(damageFlagFile(file), 'a', 0o600))
  } catch {
    // A disk that cannot hold the flag file cannot hold a repaired log either.
  }
}

const selectRange = 'SELECT seq, at, type, payload FROM events WHERE seq BETWEEN ? AND ? ORDER BY seq'

const sql = {
  lastSeq: 'SELECT coalesce(max(seq), 0) AS seq FROM events',
  state: 'SELECT state FROM session',
  insert: 'INSERT INTO events (seq, at, type, prompt_id, payload) VALUES (?, ?, ?, ?, ?)',
  setState: 'UPDATE session SET state = ?',
  takeOver: 'UPDATE writer SET epoch = epoch + 1',
  epoch: 'SELECT epoch FROM writer',
  oldest: `${selectRange} ASC LIMIT ?`,
  newest: `${selectRange} DESC LIMIT ?`,
  started: `SELECT seq, at, payload FROM events WHERE seq BETWEEN ? AND ? AND type = 'message.start' ORDER BY seq DESC`,
  prompt: `SELECT seq, at, type, payload FROM events WHERE prompt_id = ? AND type <> 'message.delta' ORDER BY seq`,
} as const

interface LogContext extends Required<Pick<SqliteLogOptions, 'sessionId' | 'now' | 'readOnly'>> {
  format: number
  /** Called when something cannot be read. */
  onDamage: () => void
}

function createLog(database: DatabaseSync, {sessionId, now, readOnly, format, onDamage}: LogContext): EventLog {
  const prepared = new Map<string, StatementSync>()
  /** Prepares a statement when it is first needed: most readers need only one. */
  const statement = (text: string): StatementSync => {
    const known = prepared.get(text) ?? database.prepare(text)
    prepared.set(text, known)
    return known
  }

  const currentSeq = () => (statement(sql.lastSeq).get() as {seq: number}).seq
  const currentState = () => {
    // The stored state of an older format may lack fields.
    if (format < logFormat) return reduceState(database, sessionId)
    const row = statement(sql.state).get() as {state: string | null} | undefined
    return row?.state == null ? undefined : (JSON.parse(row.state) as SessionState)
  }
  const currentEpoch = () => (statement(sql.epoch).get() as {epoch: number}).epoch
  if (!readOnly) {
    // These throw if the log is damaged, before anything is written to it.
    currentSeq()
    currentState()
    // After a power failure, no other writer may get the same epoch.
    database.exec('PRAGMA synchronous = FULL')
    inTransaction(database, () => statement(sql.takeOver).run())
  }
  /** The fencing token: a writer with a smaller epoch than the stored one has been replaced. */
  const epoch = readOnly ? 0 : currentEpoch()
  const requireCurrentWriter = () => {
    if (currentEpoch() === epoch) return
    throw new EventLogError(
      'replaced',
      `Another process has taken over the log of session ${sessionId}: this one can write no more`,
    )
  }
  // Only the writer changes these, so it can keep them in memory; a reader must query them.
  let latestSeq = readOnly ? 0 : currentSeq()
  let state = readOnly ? undefined : currentState()
  /** The last commit: readers that keep up get it from here, not from the disk. */
  let committed: readonly EncodedEvent[] = []

  const readRows = (resolved: ResolvedRange): EncodedEvent[] => {
    const {first, last, from, limit, maxBytes} = resolved
    try {
      const rows = statement(sql[from]).iterate(first, last, limit)
      const events = takeWithin(rows, ({payload}) => String(payload).length, maxBytes).map((row) =>
        toEncoded(row, sessionId),
      )
      return from === 'oldest' ? events : events.reverse()
    } catch (error) {
      if (storageErrorCode(error) !== 'damaged') throw error
      onDamage()
      return readAround(database, sessionId, resolved).map((event) => ({event, json: JSON.stringify(event)}))
    }
  }

  return {
    sessionId,
    get latestSeq() {
      return readOnly ? currentSeq() : latestSeq
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
      database.exec(durable ? 'PRAGMA synchronous = FULL' : 'PRAGMA synchronous = NORMAL')
      inTransaction(database, () => {
        requireCurrentWriter()
        numbered.forEach((event, index) => {
          const {seq, type} = event
          statement(sql.insert).run(seq, event.at, type, promptIdOf(event) ?? null, payloads[index]!)
        })
        if (nextState !== state) statement(sql.setState).run(JSON.stringify(nextState))
      })
      latestSeq += numbered.length
      state = nextState
      committed = numbered.map((event, index) => ({event, json: encodeEvent(event, payloads[index]!)}))
      return numbered
    },

    read: (range = {}) => readRows(resolveRange(range, currentSeq())).map(({event}) => event),

    readEncoded(range = {}) {
      const resolved = resolveRange(range, readOnly ? currentSeq() : latestSeq)
      const {first, last, limit, maxBytes} = resolved
      const isCommitted = first === committed[0]?.event.seq && last === latestSeq && committed.length <= limit
      return isCommitted ? takeWithin(committed, ({json}) => json.length, maxBytes) : readRows(resolved)
    },

    readPrompt: (promptId) =>
      statement(sql.prompt)
        .all(promptId)
        .map((row) => toEvent(row, sessionId)),
    readStartedPrompts({beforeSeq = Infinity, maxEvents = 1000} = {}) {
      const last = Math.min(beforeSeq - 1, currentSeq())
      return statement(sql.started)
        .all(last - maxEvents + 1, last)
        .map(({seq, at, payload}) => {
          const {text} = JSON.parse(String(payload)) as {text: string}
          return {seq: Number(seq), at: Number(at), text}
        })
    },
    state: () => (readOnly ? currentState() : state),

    close() {
      if (database.isOpen) database.close()
    },
  }
}

/** Reads an event and its JSON from its row. Throws a `SyntaxError` for a damaged row. */
function toEncoded(row: Record<string, unknown>, sessionId: string): EncodedEvent {
  const event = toEvent(row, sessionId)
  const payload = row['payload'] as string
  // We write JSON on one line; damage can turn it into JSON that has more.
  return {event, json: encodeEvent(event, payload.includes('\n') ? JSON.stringify(event.payload) : payload)}
}

/** Reads a range that contains damage, with `event.lost` in place of each event that cannot be read. */
function readAround(database: DatabaseSync, sessionId: string, range: ResolvedRange): SessionEvent[] {
  const {first, last, from, limit} = range
  const [start, end] =
    from === 'oldest' ? [first, Math.min(last, first + limit - 1)] : [Math.max(first, last - limit + 1), last]
  const readable = new Map(
    Array.from(salvageRows(database, sessionId, {from: start, to: end}), (event) => [event.seq, event]),
  )
  const events = Array.from({length: Math.max(0, end - start + 1)}, (_, index): SessionEvent => {
    const seq = start + index
    return readable.get(seq) ?? {type: 'event.lost', session_id: sessionId, seq, at: 0, payload: {}}
  })
  return cutToRange(events, range)
}

/** Wraps a log so that every storage fault becomes an `EventLogError`. */
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
    readEncoded: guard(log.readEncoded),
    readPrompt: guard(log.readPrompt),
    readStartedPrompts: guard(log.readStartedPrompts),
    state: guard(log.state),
    close: guard(log.close),
  }
}
