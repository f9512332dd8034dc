import type {DatabaseSync} from 'node:sqlite'

import {reduceSession, type SessionEvent, type SessionState} from '@holdfast/protocol'

/**
 * The format of the logs that this code writes. It grows with each change of the tables, of stored names or of what the
 * state means. A log of a newer format is rejected and left untouched.
 *
 * 1: the first format. 2: output may be elided. 3: the epoch of the writer; draft and approvals in the state.
 * 4: `background.output`, `background.elided`, `exit-status-unknown` and `sentinel` have their present names.
 */
export const logFormat = 4

/** "hfst" in the file's header, to tell a log from any other SQLite file. */
export const applicationId = 0x68667374

/** The state is stored beside the events, so that opening a session costs the same whatever its length. */
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

/** The present types of events that had another type before format 4. */
const renamedTypes: ReadonlyMap<unknown, string> = new Map([
  ['shell.output', 'background.output'],
  ['shell.elided', 'background.elided'],
])

/** The present type of an event, for readers of logs that have not been migrated. */
export function currentType(type: unknown): unknown {
  return renamedTypes.get(type) ?? type
}

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
]

/** What a file is, according to its header. */
export type LogKind = {kind: 'empty'} | {kind: 'log'; format: number} | {kind: 'other'}

export function readKind(database: DatabaseSync): LogKind {
  const {application_id} = database.prepare('PRAGMA application_id').get() as {application_id: number}
  const {user_version} = database.prepare('PRAGMA user_version').get() as {user_version: number}
  if (application_id === applicationId) return {kind: 'log', format: user_version}
  return application_id === 0 && user_version === 0 ? {kind: 'empty'} : {kind: 'other'}
}

export function createTables(database: DatabaseSync, sessionId: string): void {
  inTransaction(database, () => {
    database.exec(schema)
    database.prepare('INSERT INTO session (id, state) VALUES (?, NULL)').run(sessionId)
  })
}

/** Migrates an older format to this one and reduces the state again, in one transaction. */
export function migrateTables(database: DatabaseSync, from: number, sessionId: string): void {
  inTransaction(database, () => {
    for (const statement of steps.slice(from - 1).flat()) database.exec(statement)
    const state = reduceState(database, sessionId)
    database.prepare('UPDATE session SET state = ?').run(state === undefined ? null : JSON.stringify(state))
    database.exec(`PRAGMA user_version = ${logFormat}`)
  })
}

/** Reduces all events to the state, without reading output: for a log whose stored state is out of date. */
export function reduceState(database: DatabaseSync, sessionId: string): SessionState | undefined {
  const rows = database
    .prepare(`SELECT seq, at, type, payload FROM events WHERE type <> 'message.delta' ORDER BY seq`)
    .iterate()
  let state: SessionState | undefined
  for (const row of rows) state = reduce(state, toEvent(row, sessionId))
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

/** Reads an event from its row. Throws a `SyntaxError` for a damaged row. */
export function toEvent(row: Record<string, unknown>, sessionId: string): SessionEvent {
  const {seq, at, payload} = row
  const type = currentType(row['type'])
  const content: unknown = typeof payload === 'string' ? JSON.parse(payload) : undefined
  if (typeof type !== 'string' || !isObject(content)) throw new SyntaxError(`Event ${String(seq)} is malformed`)
  return {type, session_id: sessionId, seq, at, payload: content} as SessionEvent
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Encodes an event whose payload is encoded already. */
export function encodeEvent({type, session_id, seq, at}: SessionEvent, payload: string): string {
  const head = JSON.stringify({type, session_id, seq, at})
  return `${head.slice(0, -1)},"payload":${payload}}`
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
