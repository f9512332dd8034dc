import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import {homedir} from 'node:os'
import {basename} from 'node:path'
import {DatabaseSync} from 'node:sqlite'

import {
  reduceSession,
  sessionStateSchema,
  type NewEvent,
  type SessionEvent,
  type SessionState,
} from '@holdfast/protocol'

import {promptIdOf} from '../event-log.ts'
import {inTransaction} from '../sqlite/log-format.ts'
import {openLogFile} from '../sqlite/open-log-file.ts'
import {salvageRows} from '../sqlite/salvage-rows.ts'
import type {SqliteLogOptions} from '../sqlite/sqlite-log.ts'

export interface RepairedLog {
  /** Path of the damaged file, which is kept with its WAL beside it. */
  damagedFile: string
  /** How many events were recovered. */
  kept: number
  /** How many events before the last recovered one are lost. The number of those after it is unknown. */
  lost: number
}

/**
 * Replaces a damaged log with one that has all readable events under their old seqs, and `event.lost` for each of the
 * others. Prompts that ran or waited end as interrupted, as they may have run. The damaged file is renamed, never changed.
 * The caller holds the session's lease. A repair that is cut short is completed by `finishRepair` or by a second call.
 */
export function repairLog(options: Omit<SqliteLogOptions, 'create' | 'readOnly'>): RepairedLog {
  const {file, sessionId, now = Date.now} = options
  const {part, source, whole} = namesFor(file)
  for (const left of [part, source, whole]) removeDatabase(left)
  const damagedFile = freeName(file)
  for (const suffix of ['', '-wal']) {
    if (existsSync(file + suffix)) copyFileSync(file + suffix, source + suffix, constants.COPYFILE_FICLONE)
  }
  openLogFile({file: part, sessionId, create: true, readOnly: false}).database.close()
  const damaged = openDamaged(source, part)
  const {database} = openLogFile({file: part, sessionId, create: false, readOnly: false})
  let counts
  try {
    counts = writeSalvaged(database, damaged, {sessionId, now, damagedFile})
  } finally {
    database.close()
    damaged?.close()
  }
  sync(part)
  renameSync(part, whole)
  finishRepair(file)
  removeDatabase(source)
  return {damagedFile, ...counts}
}

/** Puts a repaired log, if there is one, in place of the damaged one, and keeps that under another name. */
export function finishRepair(file: string): void {
  const {whole} = namesFor(file)
  if (!existsSync(whole)) return
  const damagedFile = freeName(file)
  linkSync(file, damagedFile)
  // SQLite would apply a WAL that stayed here to the new log.
  if (existsSync(`${file}-wal`)) renameSync(`${file}-wal`, `${damagedFile}-wal`)
  rmSync(`${file}-shm`, {force: true})
  renameSync(whole, file)
}

function namesFor(file: string) {
  return {part: `${file}.repaired.part`, source: `${file}.repairing`, whole: `${file}.repaired`}
}

/** An unused name for a damaged file. */
export function freeName(file: string): string {
  for (let number = 1; ; number++) {
    const name = `${file}.damaged-${number}`
    if (!existsSync(name) && !existsSync(`${name}-wal`)) return name
  }
}

/** Opens a copy of the damaged log; returns `undefined` if its tables cannot be found. */
function openDamaged(source: string, undamaged: string): DatabaseSync | undefined {
  // SQLite would discard the WAL of an empty file.
  const opened = statSync(source).size === 0 ? undefined : tryOpen(source)
  if (opened !== undefined) return opened
  replaceFirstPage(source, undamaged)
  return tryOpen(source)
}

function tryOpen(file: string): DatabaseSync | undefined {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(file)
    database.prepare('SELECT seq, at, type, prompt_id, payload FROM events, session LIMIT 0').all()
    return database
  } catch {
    database?.close()
    return undefined
  }
}

const pageSize = 4096

/**
 * Offsets of the file change counter, and of the change for which the header's database size is valid:
 * https://www.sqlite.org/fileformat2.html#the_database_header
 */
const [changesOffset, sizeValidOffset] = [24, 92]

/** The first page holds the header and the schema, which are the same in all logs except for the size of the file. */
function replaceFirstPage(file: string, undamaged: string): void {
  const page = readFileSync(undamaged).subarray(0, pageSize)
  // With a size that is valid for another change, SQLite takes the size from the file system.
  page.writeUInt32BE(page.readUInt32BE(changesOffset) + 1, sizeValidOffset)
  const descriptor = openSync(file, 'r+')
  try {
    writeSync(descriptor, page, 0, pageSize, 0)
  } finally {
    closeSync(descriptor)
  }
}

function writeSalvaged(
  database: DatabaseSync,
  damaged: DatabaseSync | undefined,
  {sessionId, now, damagedFile}: {sessionId: string; now: () => number; damagedFile: string},
) {
  const insert = database.prepare('INSERT INTO events (seq, at, type, prompt_id, payload) VALUES (?, ?, ?, ?, ?)')
  let state: SessionState | undefined
  let last = {seq: 0, at: 0}
  const counts = {kept: 0, lost: 0}
  const write = (event: SessionEvent) => {
    const {seq, at, type, payload} = event
    insert.run(seq, at, type, promptIdOf(event) ?? null, JSON.stringify(payload))
    state = reduceSession(state, event)
    last = {seq, at}
  }
  const add = (event: NewEvent, at: number) => write({...event, session_id: sessionId, seq: last.seq + 1, at})
  const addLost = (at: number) => {
    counts.lost += 1
    add(last.seq === 0 ? lostInfo(damaged, sessionId, at) : {type: 'event.lost', payload: {}}, at)
  }

  inTransaction(database, () => {
    for (const event of damaged === undefined ? [] : salvageRows(damaged, sessionId)) {
      while (last.seq < event.seq - 1) addLost(last.at || event.at)
      counts.kept += 1
      write(event)
    }
    if (last.seq === 0) addLost(now())
    for (const event of endsOf(state)) add(event, now())
    // `session.closed` is the last event of a session.
    if (state?.closed === null) add(noteOf(counts, damagedFile), now())
    database.prepare('UPDATE session SET state = ?').run(JSON.stringify(state))
  })
  return counts
}

/** A replacement for a lost first event: from the stored state, or made up. */
function lostInfo(damaged: DatabaseSync | undefined, sessionId: string, at: number): NewEvent {
  return {
    type: 'session.info',
    payload: readInfo(damaged) ?? {title: sessionId, agent: 'shell', cwd: homedir(), created_at: at},
  }
}

function readInfo(damaged: DatabaseSync | undefined): SessionState['info'] | undefined {
  try {
    const row = damaged?.prepare('SELECT state FROM session').get() as {state: string} | undefined
    return row === undefined ? undefined : sessionStateSchema().parse(JSON.parse(row.state)).info
  } catch {
    return undefined
  }
}

function noteOf({kept, lost}: {kept: number; lost: number}, damagedFile: string): NewEvent {
  const result = `${kept} events were recovered, ${lost} before the last of them are lost`
  const text = `The log of this session was damaged: ${result}. The damaged file is kept as ${basename(damagedFile)}`
  return {type: 'note', payload: {text, level: 'warning'}}
}

/** Ends the prompts that ran or waited: the log no longer shows whether they ran. */
function endsOf(state: SessionState | undefined): NewEvent[] {
  if (state === undefined || state.closed !== null) return []
  const prompts = [...(state.running === null ? [] : [state.running]), ...state.queue]
  return prompts.map(({prompt_id}) => ({
    type: 'message.complete',
    payload: {prompt_id, status: 'interrupted', reason: 'log-damaged'},
  }))
}

function sync(file: string): void {
  const descriptor = openSync(file, 'r+')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

function removeDatabase(file: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, {force: true})
}
