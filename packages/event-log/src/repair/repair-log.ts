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
import {salvageRows} from './salvage-rows.ts'

export interface RepairedLog {
  /** Where the damaged file is kept, with its WAL beside it. */
  damagedFile: string
  /** Events that could be read. */
  kept: number
  /** Events that could not, between those that could. How many came after the last one is not known. */
  lost: number
}

/**
 * Makes a log of all that can be read of a damaged one, under the same seqs; a lost event leaves `event.lost` in its place.
 * What ran or waited ends as interrupted, as it may have run. The damaged file is set aside, never changed. Whoever calls it
 * holds the session's lease. When it dies in between, `finishRepair` or a second call leads to the same end.
 */
export function repairLog({
  file,
  sessionId,
  now = Date.now,
}: {
  file: string
  sessionId: string
  now?: () => number
}): RepairedLog {
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

/** Puts a repaired log in its place, if there is one: the damaged one is set aside first. */
export function finishRepair(file: string): void {
  const {whole} = namesFor(file)
  if (!existsSync(whole)) return
  const damagedFile = freeName(file)
  linkSync(file, damagedFile)
  // A WAL that stayed would be taken for the new log's own.
  if (existsSync(`${file}-wal`)) renameSync(`${file}-wal`, `${damagedFile}-wal`)
  rmSync(`${file}-shm`, {force: true})
  renameSync(whole, file)
}

function namesFor(file: string) {
  return {part: `${file}.repaired.part`, source: `${file}.repairing`, whole: `${file}.repaired`}
}

/** A name for what is set damagedFile. */
export function freeName(file: string): string {
  for (let number = 1; ; number++) {
    const name = `${file}.damaged-${number}`
    if (!existsSync(name) && !existsSync(`${name}-wal`)) return name
  }
}

/** A copy of the damaged log, open; `undefined` where its tables cannot be found. */
function openDamaged(source: string, sound: string): DatabaseSync | undefined {
  // Of an empty file, SQLite would throw the WAL away.
  const opened = statSync(source).size === 0 ? undefined : tryOpen(source)
  if (opened !== undefined) return opened
  replaceFirstPage(source, sound)
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
 * Where a SQLite file says how often it changed, and for which of its changes its size in pages holds:
 * https://www.sqlite.org/fileformat2.html#the_database_header
 */
const [changesOffset, sizeValidOffset] = [24, 92]

/** The first page holds the header and where the tables are, and is the same in all logs but for the size of the file. */
function replaceFirstPage(file: string, sound: string): void {
  const page = readFileSync(sound).subarray(0, pageSize)
  // Of another change, so the size is not believed, but found.
  page.writeUInt32BE(page.readUInt32BE(changesOffset) + 1, sizeValidOffset)
  const descriptor = openSync(file, 'r+')
  try {
    writeSync(descriptor, page, 0, pageSize, 0)
  } finally {
    closeSync(descriptor)
  }
}

interface Salvage {
  sessionId: string
  now: () => number
  damagedFile: string
}

function writeSalvaged(database: DatabaseSync, damaged: DatabaseSync | undefined, salvage: Salvage) {
  const {sessionId, now, damagedFile} = salvage
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
    // Nothing comes after the end of a session.
    if (state?.closed === null) add(noteOf(counts, damagedFile), now())
    database.prepare('UPDATE session SET state = ?').run(JSON.stringify(state))
  })
  return counts
}

/** The first event, where it is lost: of what the state says, or of nothing. */
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
  const found = `${kept} events could be read, ${lost} before the last of them could not`
  const text = `The log of this session was damaged: ${found}. The damaged file is kept as ${basename(damagedFile)}`
  return {type: 'note', payload: {text, level: 'warning'}}
}

/** The ends of what may have run: whether it did is in no log any more. */
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
