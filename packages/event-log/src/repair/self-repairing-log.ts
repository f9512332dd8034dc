import {closeSync, existsSync, lstatSync, mkdirSync, openSync} from 'node:fs'
import {basename, dirname} from 'node:path'

import type {NewEvent, SessionState} from '@holdfast/protocol'

import {isEventLogError, type EventLog} from '../event-log.ts'
import type {Lease} from '../lease.ts'
import {openSqliteLogFile, readEpoch, replaced, type SqliteLog} from '../sqlite/sqlite-log.ts'
import {
  openSuffixes,
  repairLog,
  replaceLog,
  toStorageError,
  type RepairedLog,
  type RepairOptions,
} from './repair-log.ts'

/** What a log recovered from while it was open. `gone`: its file was deleted, moved, replaced or truncated. */
export type Recovery = ({kind: 'damaged'} & RepairedLog) | {kind: 'gone'; found: string | undefined}

export interface SelfRepairingOptions extends RepairOptions {
  /** The session's lease. It shows whether another log that is found in the place of this one has a writer of its own. */
  lease?: Lease | undefined
  /** Called after the log recovered; it has a new last event, a note. */
  onRecovered?: ((recovery: Recovery) => void) | undefined
}

/**
 * Keeps an open log usable for a writer that lives for days. Before it commits anything, it repairs what was found damaged since,
 * and writes the log back to its place if somebody deleted, moved or replaced its files. State and seqs go on from what
 * the writer knows. Takes over `opened`.
 */
export function createSelfRepairingLog(opened: SqliteLog, options: SelfRepairingOptions): EventLog {
  const {file, sessionId, lease, onRecovered} = options
  const open = () => openSqliteLogFile({...options, create: false, readOnly: false})
  /** `undefined` after a repair that failed, until one succeeds. */
  let current: SqliteLog | undefined = opened
  let files = look(file)
  let {latestSeq, epoch} = opened
  let state = opened.state()

  const log = () => {
    if (current === undefined) repair()
    return current!
  }
  const remember = () => {
    ;({latestSeq, epoch} = current!)
    state = current!.state()
    files = look(file)
  }

  /**
   * Another host may have opened the log that stands here now. To repair it, or to write this one back, would take the events of
   * that host from it. After somebody restored the home from a backup, the epoch may be any older one, so it does not suffice to
   * compare epochs.
   */
  const requireNoSuccessor = () => {
    const isOwn = look(file)[0]!.id === files[0]!.id
    // To open a file again would free the locks that this process has on it.
    const found = isOwn && current !== undefined ? current.storedEpoch() : readEpoch(file, sessionId)
    if (found === undefined) return
    if (found > epoch || (!isOwn && lease?.isInPlace() === false)) throw replaced(sessionId)
  }

  const repair = () => {
    current?.close()
    current = undefined
    requireNoSuccessor()
    let repaired
    try {
      repaired = repairLog({...options, known: state === undefined ? undefined : {latestSeq, state}})
    } catch (error) {
      throw toStorageError(error, options)
    }
    current = open()
    remember()
    onRecovered?.({kind: 'damaged', ...repaired})
  }

  const writeBack = () => {
    requireNoSuccessor()
    mkdirSync(dirname(file), {recursive: true, mode: 0o700})
    const standing = look(file)
    const isOwn = (suffix: (typeof openSuffixes)[number]) => {
      const index = openSuffixes.indexOf(suffix)
      return standing[index]!.id === files[index]!.id
    }
    const found = replaceLog(file, (part) => log().copyTo(part), isOwn)
    // After its file was replaced: otherwise SQLite would remove the WAL of another log that stands here.
    current?.close()
    current = undefined
    current = open()
    if (state?.closed === null) current.append([noteOf(found)], {durable: true})
    remember()
    onRecovered?.({kind: 'gone', found})
  }

  const requireSound = () => {
    try {
      if (log().isDamaged) repair()
      if (isUntouched(look(file), files)) return
      try {
        writeBack()
      } catch (error) {
        if (toStorageError(error, options).code !== 'damaged') throw error
        // What is not in memory is lost.
        if (!existsSync(file)) closeSync(openSync(file, 'wx', 0o600))
        repair()
      }
    } catch (error) {
      throw toStorageError(error, options)
    }
  }

  /** Does what meets damage once more, after a repair. */
  const repairing = <Value>(work: (log: SqliteLog) => Value): Value => {
    try {
      return work(log())
    } catch (error) {
      if (!isEventLogError(error) || error.code !== 'damaged') throw error
    }
    repair()
    return work(log())
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
    readPrompt(promptId) {
      requireSound()
      return repairing((sound) => sound.readPrompt(promptId))
    },
    readStartedPrompts: (range) => repairing((sound) => sound.readStartedPrompts(range)),
    state: (): SessionState | undefined => state,
    checkpoint() {
      // The next append recovers first.
      if (!isUntouched(look(file), files)) return
      log().checkpoint()
      files = look(file)
    },
    close: () => current?.close(),
  }
}

/** What can be seen of a file without opening it. While it is open, no other file gets its inode. */
interface SeenFile {
  id: string | undefined
  size: number
}

function look(file: string): SeenFile[] {
  return openSuffixes.map((suffix) => {
    const stats = lstatSync(file + suffix, {throwIfNoEntry: false})
    return {id: stats && `${stats.dev} ${stats.ino}`, size: stats?.size ?? 0}
  })
}

/** Only a writer makes a log or its WAL shorter: this one, or its successor. */
function isUntouched(now: readonly SeenFile[], before: readonly SeenFile[]): boolean {
  return now.every(({id, size}, index) => id === before[index]!.id && size >= before[index]!.size)
}

function noteOf(found: string | undefined): NewEvent {
  const kept = found === undefined ? '' : `. What was found in its place is kept as ${basename(found)}`
  const text = `The log of this session was deleted, moved, replaced or truncated while the session was open. All of it is saved again${kept}`
  return {type: 'note', payload: {text, level: 'warning'}}
}
