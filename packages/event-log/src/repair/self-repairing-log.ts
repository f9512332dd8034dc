import {existsSync, lstatSync, mkdirSync, renameSync, rmSync} from 'node:fs'
import {basename, dirname} from 'node:path'

import type {NewEvent, SessionState} from '@holdfast/protocol'

import {EventLogError, isEventLogError, type EventLog} from '../event-log.ts'
import {openSqliteLogFile, type SqliteLog} from '../sqlite/sqlite-log.ts'
import {storageErrorCode} from '../sqlite/storage-error.ts'
import {freeName, repairLog, sync, type RepairedLog, type RepairOptions} from './repair-log.ts'

/** What a log recovered from while it was open. `gone`: its file was deleted, moved or replaced. */
export type Recovery = ({kind: 'damaged'} & RepairedLog) | {kind: 'gone'; found: string | undefined}

export interface SelfRepairingOptions extends RepairOptions {
  /** Called after the log recovered; it has a new last event, a note. */
  onRecovered?: ((recovery: Recovery) => void) | undefined
}

/** The files that an open log has; SQLite would go on to use deleted ones, which nobody else sees. */
const openSuffixes = ['', '-wal', '-shm'] as const

/**
 * Keeps an open log usable for a writer that lives for days. Before it commits anything, it repairs what was found damaged since,
 * and writes the log back to its place if somebody deleted, moved or replaced its files. State and seqs go on from what
 * the writer knows. Takes over `opened`.
 */
export function createSelfRepairingLog(opened: SqliteLog, options: SelfRepairingOptions): EventLog {
  const {file, sessionId, onRecovered} = options
  const open = () => openSqliteLogFile({...options, create: false, readOnly: false})
  /** `undefined` after a repair that failed, until one succeeds. */
  let current: SqliteLog | undefined = opened
  let files = identify(file)
  let {latestSeq} = opened
  let state = opened.state()

  const log = () => {
    if (current === undefined) repair()
    return current!
  }
  const use = (next: SqliteLog) => {
    current = next
    files = identify(file)
  }

  const repair = () => {
    current?.close()
    current = undefined
    const repaired = repairLog({...options, known: state === undefined ? undefined : {latestSeq, state}})
    use(open())
    remember()
    onRecovered?.({kind: 'damaged', ...repaired})
  }

  const writeBack = () => {
    mkdirSync(dirname(file), {recursive: true, mode: 0o700})
    const saved = `${file}.saving`
    rmSync(saved, {force: true})
    log().copyTo(saved)
    sync(saved)
    const found = setAside(file, files)
    current?.close()
    renameSync(saved, file)
    use(open())
    if (state?.closed === null) current?.append([noteOf(found)], {durable: true})
    remember()
    onRecovered?.({kind: 'gone', found})
  }

  const requireSound = () => {
    try {
      if (log().isDamaged) repair()
      if (openSuffixes.some((suffix, index) => idOf(file + suffix) !== files[index])) writeBack()
    } catch (error) {
      throw toStorageError(error)
    }
  }

  const remember = () => {
    latestSeq = current!.latestSeq
    state = current!.state()
  }

  /** Does what meets damage once more, after a repair. */
  const repairing = <Value>(work: (log: SqliteLog) => Value): Value => {
    try {
      return work(log())
    } catch (error) {
      if (!isEventLogError(error) || error.code !== 'damaged') throw error
    }
    try {
      repair()
    } catch (error) {
      throw toStorageError(error)
    }
    return work(log())
  }

  const toStorageError = (error: unknown): EventLogError => {
    if (isEventLogError(error)) return error
    const reason = error instanceof Error ? error.message : String(error)
    const message = `Cannot recover the log of session ${sessionId} (${file}): ${reason}`
    return new EventLogError(storageErrorCode(error), message, {cause: error})
  }

  return {
    sessionId,
    get latestSeq() {
      return latestSeq
    },
    append(events: readonly NewEvent[], how) {
      requireSound()
      const added = repairing((sound) => sound.append(events, how))
      remember()
      return added
    },
    read: (range) => log().read(range),
    readEncoded: (range) => log().readEncoded(range),
    readPrompt: (promptId) => repairing((sound) => sound.readPrompt(promptId)),
    readStartedPrompts: (range) => repairing((sound) => sound.readStartedPrompts(range)),
    state: (): SessionState | undefined => state,
    checkpoint: () => log().checkpoint(),
    close: () => current?.close(),
  }
}

function identify(file: string): (string | undefined)[] {
  return openSuffixes.map((suffix) => idOf(file + suffix))
}

/** Identifies a file. While it is open, no other file gets its inode. */
function idOf(path: string): string | undefined {
  const stats = lstatSync(path, {throwIfNoEntry: false})
  return stats === undefined ? undefined : `${stats.dev} ${stats.ino}`
}

/** Moves away what stands in the place of the log, or of the WAL of another log. Returns the new name of the log. */
function setAside(file: string, own: readonly (string | undefined)[]): string | undefined {
  const name = freeName(file)
  for (const [index, suffix] of openSuffixes.entries()) {
    if (!existsSync(file + suffix)) continue
    // The content of this log's own WAL is saved.
    if (idOf(file + suffix) === own[index]) rmSync(file + suffix)
    else renameSync(file + suffix, name + suffix)
  }
  return existsSync(name) ? name : undefined
}

function noteOf(found: string | undefined): NewEvent {
  const kept = found === undefined ? '' : `. What was found in its place is kept as ${basename(found)}`
  const text = `The log of this session was deleted, moved or replaced while the session was open. All of it is saved again${kept}`
  return {type: 'note', payload: {text, level: 'warning'}}
}
