import {DatabaseSync} from 'node:sqlite'

import {reduceSession, type SessionEvent, type SessionState} from '@holdfast/protocol'

import {eventChecksum, schemaChecksum, stateChecksum, writerChecksum} from './checksums.ts'
import {checkedFormat, eventReader, renamedTypes} from './event-rows.ts'

/**
 * The format of the logs that this code writes. It grows with each change of the tables, of stored names or of what the
 * state means. A log of a newer format is rejected and left untouched.
 *
 * 1: the first format. 2: output may be elided. 3: the epoch of the writer; draft and approvals in the state.
 * 4: `background.output`, `background.elided`, `exit-status-unknown` and `sentinel` have their present names.
 * 5: checksums of events, state and schema; the seq of the last event.
 */
export const logFormat = 5

/** "hfst" in the file's header, to tell a log from any other SQLite file. */
export const applicationId = 0x68667374

/** The state is stored beside the events, so that opening a session costs the same whatever its length. */
const firstTables: readonly string[] = [
  `PRAGMA application_id = ${applicationId}`,
  'CREATE TABLE session (id TEXT PRIMARY KEY, state TEXT) STRICT',
  `CREATE TABLE events (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    type TEXT NOT NULL,
    prompt_id TEXT,
    payload TEXT NOT NULL
  ) STRICT`,
  `CREATE INDEX prompt_events ON events (prompt_id, seq) WHERE prompt_id IS NOT NULL AND type <> 'message.delta'`,
]

/** Replaces text in the payloads of one type. JSON escapes the quotes in strings, so `find` matches a field and nothing else. */
const replaceInPayloads = (type: string, find: string, replacement: string) =>
  `UPDATE events SET payload = replace(payload, '${find}', '${replacement}') WHERE type = '${type}' AND instr(payload, '${find}') > 0`

/** The statements that turn each format into the next. */
const steps: readonly (readonly string[])[] = [
  // 1 to 2: only the state changed.
  [],
  ['CREATE TABLE writer (epoch INTEGER NOT NULL) STRICT', 'INSERT INTO writer (epoch) VALUES (0)'],
  [
    ...Array.from(renamedTypes, ([from, to]) => `UPDATE events SET type = '${to}' WHERE type = '${String(from)}'`),
    replaceInPayloads('message.complete', '"reason":"untracked"', '"reason":"exit-status-unknown"'),
    replaceInPayloads('session.info', '"completion":"typed"', '"completion":"sentinel"'),
  ],
  [
    'ALTER TABLE events ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0',
    'ALTER TABLE session ADD COLUMN state_seq INTEGER NOT NULL DEFAULT 0',
    'ALTER TABLE session ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0',
    ...['last_seq', 'state_seq', 'checksum', 'schema_checksum'].map(
      (column) => `ALTER TABLE writer ADD COLUMN ${column} INTEGER NOT NULL DEFAULT 0`,
    ),
  ],
]

/** What a file is, according to its header. `damaged`: the header contradicts the tables. */
export type LogKind = {kind: 'empty'} | {kind: 'log'; format: number} | {kind: 'other'} | {kind: 'damaged'}

export function readKind(database: DatabaseSync): LogKind {
  const {application_id} = database.prepare('PRAGMA application_id').get() as {application_id: number}
  const {user_version: format} = database.prepare('PRAGMA user_version').get() as {user_version: number}
  if (application_id !== applicationId) {
    const isEmpty = application_id === 0 && format === 0 && schemaOf(database) === null
    return {kind: isEmpty ? 'empty' : 'other'}
  }
  return isSchemaIntact(database, format) ? {kind: 'log', format} : {kind: 'damaged'}
}

/**
 * One wrong bit turns the format into another one, and a column into an unknown one. So a log counts as one without checksums only
 * if its tables are exactly those of its format.
 */
function isSchemaIntact(database: DatabaseSync, format: number): boolean {
  if (format < checkedFormat) return format > 0 && schemaOf(database) === olderSchema(format)
  const row = database.prepare('SELECT * FROM writer').get()
  return row?.['schema_checksum'] === schemaChecksum(database)
}

/** The tables and indexes as SQL, without whitespace. */
function schemaOf(database: DatabaseSync): string | null {
  const {text} = database.prepare(`SELECT group_concat(sql, ';' ORDER BY name) AS text FROM sqlite_schema`).get() as {
    text: string | null
  }
  return text?.replace(/\s/g, '') ?? null
}

/** The same of a new log of an older format. */
function olderSchema(format: number): string | null {
  const database = new DatabaseSync(':memory:')
  try {
    for (const statement of [firstTables, ...steps.slice(0, format - 1)].flat()) database.exec(statement)
    return schemaOf(database)
  } finally {
    database.close()
  }
}

export function createTables(database: DatabaseSync, sessionId: string): void {
  inTransaction(database, () => {
    for (const statement of [firstTables, ...steps].flat()) database.exec(statement)
    database.prepare('INSERT INTO session (id, state) VALUES (?, NULL)').run(sessionId)
    finishTables(database, undefined, 0)
  })
}

/** Migrates an older format to this one and reduces the state again, in one transaction. */
export function migrateTables(database: DatabaseSync, from: number, sessionId: string): void {
  database.function('event_checksum', {deterministic: true}, (seq, at, type, payload) =>
    eventChecksum(Number(seq), Number(at), String(type), String(payload)),
  )
  inTransaction(database, () => {
    for (const statement of steps.slice(from - 1).flat()) database.exec(statement)
    const {last, count} = database
      .prepare('SELECT coalesce(max(seq), 0) AS last, count(*) AS count FROM events')
      .get() as {last: number; count: number}
    if (last !== count) throw new SyntaxError(`Expected events 1 to ${last}, got ${count} events`)
    if (from < checkedFormat) addChecksums(database)
    finishTables(database, reduceState(database, {sessionId, format: logFormat}), last)
  })
}

/** A disk that lost a write may return an old schema for rows with checksums: new ones would hide what is damaged. */
function addChecksums(database: DatabaseSync): void {
  const checked = database.prepare('SELECT seq FROM events WHERE checksum <> 0').get()
  if (checked !== undefined) throw new SyntaxError(`event ${String(checked['seq'])} is of a newer format than the log`)
  database.exec('UPDATE events SET checksum = event_checksum(seq, at, type, payload)')
}

function finishTables(database: DatabaseSync, state: SessionState | undefined, lastSeq: number): void {
  database.exec(`PRAGMA user_version = ${logFormat}`)
  database.prepare('UPDATE writer SET schema_checksum = ?').run(schemaChecksum(database))
  storeState(database, state, lastSeq)
}

/** Stores the state after `lastSeq` events, inside a transaction. */
export function storeState(database: DatabaseSync, state: SessionState | undefined, lastSeq: number): void {
  const json = state === undefined ? null : JSON.stringify(state)
  database
    .prepare('UPDATE session SET state = ?, state_seq = ?, checksum = ?')
    .run(json, lastSeq, stateChecksum(lastSeq, json))
  database
    .prepare('UPDATE writer SET last_seq = ?, state_seq = ?, checksum = ?')
    .run(lastSeq, lastSeq, writerChecksum(lastSeq, lastSeq))
}

/** Reduces all events to the state, without reading output: for a log whose stored state is out of date. */
export function reduceState(
  database: DatabaseSync,
  {sessionId, format}: {sessionId: string; format: number},
): SessionState | undefined {
  const {columns, toEvent} = eventReader({sessionId, format})
  const rows = database
    .prepare(`SELECT ${columns} FROM events WHERE type NOT IN ('message.delta', 'screen.drawn') ORDER BY seq`)
    .iterate()
  let state: SessionState | undefined
  for (const row of rows) state = reduce(state, toEvent(row))
  return state
}

/** Throws a `SyntaxError` for an event whose payload does not fit its type. */
function reduce(state: SessionState | undefined, event: SessionEvent): SessionState {
  try {
    return reduceSession(state, event)
  } catch (error) {
    throw new SyntaxError(`Event ${event.seq} is malformed`, {cause: error})
  }
}

/** Runs `change` in a transaction, and rolls it back if it throws. */
export function inTransaction(database: DatabaseSync, change: () => void): void {
  database.exec('BEGIN IMMEDIATE')
  try {
    change()
    database.exec('COMMIT')
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}
