import type {DatabaseSync} from 'node:sqlite'

import {reduceSession, type SessionEvent, type SessionState} from '@holdfast/protocol'

/**
 * Grows when the tables change, or what the state means. A file of a newer format is refused, never touched. 1: the first.
 * 2: output may be elided. 3: the epoch of the writer; draft and approvals in the state.
 */
export const logFormat = 3

/** "hfst" in the file's header: tells a log from any other SQLite file. */
export const applicationId = 0x68667374

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
  CREATE TABLE writer (epoch INTEGER NOT NULL) STRICT;
  INSERT INTO writer (epoch) VALUES (0);
  CREATE INDEX prompt_events ON events (prompt_id, seq) WHERE prompt_id IS NOT NULL AND type <> 'message.delta';
`

/** What makes the tables of a format those of the next. */
const steps: readonly string[] = [
  // 1 to 2: only the state has changed.
  '',
  'CREATE TABLE writer (epoch INTEGER NOT NULL) STRICT; INSERT INTO writer (epoch) VALUES (0)',
]

/** What the header of a file says that it is. */
export type LogKind = {kind: 'empty'} | {kind: 'log'; format: number} | {kind: 'other'}

export function readKind(database: DatabaseSync): LogKind {
  const {application_id} = database.prepare('PRAGMA application_id').get() as {application_id: number}
  const {user_version} = database.prepare('PRAGMA user_version').get() as {user_version: number}
  if (application_id === applicationId) return {kind: 'log', format: user_version}
  return application_id === 0 && user_version === 0 ? {kind: 'empty'} : {kind: 'other'}
}

/** Makes the tables of an empty file. */
export function createTables(database: DatabaseSync, sessionId: string): void {
  inTransaction(database, () => {
    database.exec(schema)
    database.prepare('INSERT INTO session (id, state) VALUES (?, NULL)').run(sessionId)
  })
}

/** Makes an older format this one, in one transaction, and folds the state anew. */
export function migrateTables(database: DatabaseSync, from: number, sessionId: string): void {
  inTransaction(database, () => {
    for (const step of steps.slice(from - 1)) database.exec(step)
    const state = reduceState(database, sessionId)
    database.prepare('UPDATE session SET state = ?').run(state === undefined ? null : JSON.stringify(state))
    database.exec(`PRAGMA user_version = ${logFormat}`)
  })
}

/** The state by its definition: for a log whose row of it cannot be relied on. Output is not read. */
export function reduceState(database: DatabaseSync, sessionId: string): SessionState | undefined {
  const rows = database
    .prepare(`SELECT seq, at, type, payload FROM events WHERE type <> 'message.delta' ORDER BY seq`)
    .iterate()
  let state: SessionState | undefined
  for (const row of rows) state = fold(state, toEvent(row, sessionId))
  return state
}

/** Throws a `SyntaxError` for an event whose content is not that of its type. */
function fold(state: SessionState | undefined, event: SessionEvent): SessionState {
  try {
    return reduceSession(state, event)
  } catch (error) {
    throw new SyntaxError(`Event ${event.seq} is not whole`, {cause: error})
  }
}

/** An event as it is in its row. Throws a `SyntaxError` for one that was never written like this. */
export function toEvent(row: Record<string, unknown>, sessionId: string): SessionEvent {
  const {type, seq, at, payload} = row
  const content: unknown = typeof payload === 'string' ? JSON.parse(payload) : undefined
  if (typeof type !== 'string' || !isObject(content)) throw new SyntaxError(`Event ${String(seq)} is not whole`)
  return {type, session_id: sessionId, seq, at, payload: content} as SessionEvent
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The JSON of an event, made of that of its payload. */
export function encodeEvent({type, session_id, seq, at}: SessionEvent, payload: string): string {
  const head = JSON.stringify({type, session_id, seq, at})
  return `${head.slice(0, -1)},"payload":${payload}}`
}

/** All or nothing. */
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
