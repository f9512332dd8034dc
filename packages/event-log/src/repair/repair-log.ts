import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  renameSync,
  rmSync,
} from 'node:fs'
import {homedir} from 'node:os'
import {basename} from 'node:path'
import {DatabaseSync} from 'node:sqlite'

import type {NewEvent, SessionEvent, SessionInfo, SessionState} from '@holdfast/protocol'

import {EventLogError, isEventLogError} from '../event-log.ts'
import {damageFlagFile} from '../sqlite/damage-flag.ts'
import {insertEvent, insertValues} from '../sqlite/event-rows.ts'
import {inTransaction, logFormat, reduceState, storeState} from '../sqlite/log-format.ts'
import {openLogFile} from '../sqlite/open-log-file.ts'
import {isFile, repairedFile} from '../sqlite/plain-files.ts'
import type {SqliteLogOptions} from '../sqlite/sqlite-log.ts'
import {storageErrorCode} from '../sqlite/storage-error.ts'
import {salvageLog} from './salvage-log.ts'

export interface RepairOptions extends Omit<SqliteLogOptions, 'create' | 'readOnly'> {
  /** What the writer of the log knows: then its running prompt goes on, and its waiting prompts wait. */
  known?: {latestSeq: number; state: SessionState} | undefined
}

export interface RepairedLog {
  /** Path of the damaged file, which is kept with its WAL beside it. */
  damagedFile: string
  /** How many events were recovered. */
  kept: number
  /** How many events are lost. If the log no longer shows how many it had, those after the last recovered one are not counted. */
  lost: number
}

/**
 * Replaces a damaged log with one that has all readable events under their old seqs, and `event.lost` for each of the
 * others. Prompts that ran or waited end as interrupted, as they may have run. The damaged file is renamed, never changed.
 * The caller holds the session's lease. A repair that is cut short is completed by `finishRepair` or by a second call.
 */
export function repairLog(options: RepairOptions): RepairedLog {
  const {file, sessionId} = options
  const {part, source, whole} = namesFor(file)
  for (const left of [part, source, whole]) removeDatabase(left)
  const damagedFile = freeName(file)
  let counts
  try {
    for (const suffix of ['', '-wal']) {
      if (existsSync(file + suffix)) copyFileSync(file + suffix, source + suffix, constants.COPYFILE_FICLONE)
    }
    const {database} = openLogFile({file: part, sessionId, create: true, readOnly: false})
    try {
      // The first page of this file replaces a damaged one.
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
      counts = writeSalvaged(database, {...options, part, source, damagedFile})
    } finally {
      database.close()
    }
    sync(part)
    renameSync(part, whole)
  } finally {
    // On a full disk they would take the space that the next attempt needs.
    for (const left of [part, source]) removeDatabase(left)
  }
  finishRepair(file)
  if (isFile(damageFlagFile(file))) rmSync(damageFlagFile(file))
  return {damagedFile, ...counts}
}

/** What a repair or `replaceLog` threw, as an `EventLogError`. */
export function toStorageError(error: unknown, {file, sessionId}: {file: string; sessionId: string}): EventLogError {
  if (isEventLogError(error)) return error
  const reason = error instanceof Error ? error.message : String(error)
  const message = `Cannot recover the log of session ${sessionId} (${file}): ${reason}`
  return new EventLogError(storageErrorCode(error), message, {cause: error})
}

/** The files that an open log has; SQLite would go on to use deleted ones, which nobody else sees. */
export const openSuffixes = ['', '-wal', '-shm'] as const

type OpenSuffix = (typeof openSuffixes)[number]

/**
 * Puts a whole log that was repaired or saved, if there is one, in the place of the file, and keeps what stood there under
 * another name, except for what `isOwn`: of that, the whole log has all. Returns that name if it kept something. After a kill at any
 * moment, the next call completes it.
 */
export function finishRepair(file: string, isOwn: (suffix: OpenSuffix) => boolean = () => false): string | undefined {
  const {whole} = namesFor(file)
  if (!isFile(whole)) return undefined
  const kept = freeName(file)
  const found = lstatSync(file, {throwIfNoEntry: false})
  // A folder can have no second name.
  if (found?.isDirectory() === true) renameSync(file, kept)
  else if (found !== undefined && !isOwn('')) linkSync(file, kept)
  // SQLite would apply a WAL that stayed here to the new log.
  for (const suffix of ['-wal', '-shm'] as const) {
    if (lstatSync(file + suffix, {throwIfNoEntry: false}) === undefined) continue
    // The shared memory holds nothing of the log.
    if (isOwn(suffix) || (suffix === '-shm' && isFile(file + suffix))) rmSync(file + suffix)
    else renameSync(file + suffix, kept + suffix)
  }
  renameSync(whole, file)
  return existsSync(kept) ? kept : undefined
}

/** Puts a copy of the whole log in the place of its file, as `finishRepair` does; `copyTo` writes it. */
export function replaceLog(
  file: string,
  copyTo: (part: string) => void,
  isOwn: (suffix: OpenSuffix) => boolean,
): string | undefined {
  const {part, whole} = namesFor(file)
  try {
    removeDatabase(part)
    copyTo(part)
    useWal(part)
    sync(part)
    renameSync(part, whole)
    return finishRepair(file, isOwn)
  } catch (error) {
    // The writer goes on without this copy, which would then lack what it appends.
    for (const left of [part, whole]) removeDatabase(left)
    throw error
  }
}

function namesFor(file: string) {
  return {part: `${file}.repaired.part`, source: `${file}.repairing`, whole: repairedFile(file)}
}

/** An unused name for a damaged file. */
function freeName(file: string): string {
  for (let number = 1; ; number++) {
    const name = `${file}.damaged-${number}`
    if (!existsSync(name) && !existsSync(`${name}-wal`)) return name
  }
}

function writeSalvaged(
  database: DatabaseSync,
  options: RepairOptions & {part: string; source: string; damagedFile: string},
): {kept: number; lost: number} {
  const {file, part, source, damagedFile, sessionId, known, now = Date.now} = options
  // What its writer knows to have been refused is not in the log, whatever the WAL still has of it.
  const isKnown = ({seq}: SessionEvent) => known === undefined || seq <= known.latestSeq
  const insert = database.prepare(insertEvent.replace('INSERT', 'INSERT OR IGNORE'))
  const put = (event: SessionEvent) => Number(insert.run(...insertValues(event, JSON.stringify(event.payload))).changes)
  const counts = {kept: 0, lost: 0}
  let last = {seq: 0, at: now()}
  const add = (event: NewEvent, at: number) => {
    last = {seq: last.seq + 1, at}
    put({...event, session_id: sessionId, ...last})
  }
  /** Puts a replacement in the place of each missing event. */
  const fill = (until: number, at: number, info: SessionInfo | undefined) => {
    for (; last.seq < until; counts.lost += 1) {
      add(last.seq === 0 ? lostInfo(info, sessionId, at) : {type: 'event.lost', payload: {}}, at)
    }
  }
  const currentState = () => reduceState(database, {sessionId, format: logFormat})

  inTransaction(database, () => {
    const {lastSeq, info} = salvageLog({
      sessionId,
      file,
      copy: source,
      undamaged: part,
      onEvent: (event) => void (isKnown(event) && (counts.kept += put(event))),
    })
    for (const {seq, at} of seqsOf(database)) {
      fill(seq - 1, last.seq === 0 ? at : last.at, info)
      last = {seq, at}
    }
    fill(known?.latestSeq ?? Math.max(1, lastSeq), last.at, known?.state.info ?? info)
    const state = known?.state ?? currentState()
    if (known === undefined) for (const event of endsOf(state)) add(event, now())
    // `session.closed` is the last event of a session.
    if (state?.closed === null) add(noteOf(counts, damagedFile), now())
    storeState(database, known?.state ?? currentState(), last.seq)
  })
  return counts
}

/** The seqs and times of the events. Others may be added meanwhile, before the current one. */
function* seqsOf(database: DatabaseSync): Generator<{seq: number; at: number}> {
  const select = database.prepare('SELECT seq, at FROM events WHERE seq > ? ORDER BY seq LIMIT 1000')
  let rows
  for (let after = 0; (rows = select.all(after) as {seq: number; at: number}[]).length > 0; after = rows.at(-1)!.seq) {
    yield* rows
  }
}

/** A replacement for a lost first event: from the stored state, or made up. */
function lostInfo(info: SessionInfo | undefined, sessionId: string, at: number): NewEvent {
  const madeUp = {title: sessionId, agent: 'shell', cwd: homedir(), created_at: at}
  return {type: 'session.info', payload: info ?? madeUp}
}

function noteOf({kept, lost}: {kept: number; lost: number}, damagedFile: string): NewEvent {
  const text = `The log of this session was damaged: ${kept} events were recovered, ${lost} are lost. The damaged file is kept as ${basename(damagedFile)}`
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

/** A copy has no WAL. The writer that changed this after the copy is in place could leave a journal that no reader can roll back. */
function useWal(file: string): void {
  const database = new DatabaseSync(file)
  try {
    database.exec('PRAGMA journal_mode = WAL')
  } finally {
    database.close()
  }
}

/** Makes a file survive a power failure. */
function sync(file: string): void {
  const descriptor = openSync(file, 'r+')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

function removeDatabase(file: string): void {
  for (const suffix of openSuffixes) rmSync(file + suffix, {force: true})
}
