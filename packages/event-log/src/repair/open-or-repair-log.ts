import {isEventLogError, type EventLog} from '../event-log.ts'
import type {Lease} from '../lease.ts'
import {damageFlagFile} from '../sqlite/damage-flag.ts'
import {hasBrokenWal} from '../sqlite/inspect-wal.ts'
import {isFile, requirePlainFiles} from '../sqlite/plain-files.ts'
import {openSqliteLogFile, type SqliteLog, type SqliteLogOptions} from '../sqlite/sqlite-log.ts'
import {finishRepair, repairLog, toStorageError, type RepairedLog} from './repair-log.ts'
import {createSelfRepairingLog, type Recovery} from './self-repairing-log.ts'

export interface OpenOptions extends Omit<SqliteLogOptions, 'readOnly'> {
  /** The session's lease: without its file, this writer leaves a log alone that it finds in the place of its own. */
  lease?: Lease | undefined
  /** Called after the open log recovered from damage, or from the loss of its file. Its last event is a note about that. */
  onRecovered?: ((recovery: Recovery) => void) | undefined
}

export interface OpenedLog {
  log: EventLog
  /** What a repair recovered; `undefined` if the log was not damaged. */
  repaired: RepairedLog | undefined
}

/**
 * Opens a log for writing, and repairs it first if its beginning, its end or its state is damaged, or if its last writer
 * found damage. Other damage is found when it is read, and repaired before the next append; so is a log whose file somebody
 * deleted, moved or replaced. The caller holds the session's lease. Throws `EventLogError`.
 */
export function openOrRepairLog(options: OpenOptions): OpenedLog {
  const {file, create = false} = options
  requirePlainFiles(file)
  recovering(options, () => finishRepair(file))
  const isKnownDamaged = isFile(damageFlagFile(file)) || hasBrokenWal(file)
  const log = isKnownDamaged ? undefined : openUndamaged({...options, create})
  if (log !== undefined) return {log: createSelfRepairingLog(log, options), repaired: undefined}
  const repaired = recovering(options, () => repairLog(options))
  return {log: createSelfRepairingLog(openSqliteLogFile({...options, create: false}), options), repaired}
}

function recovering<Value>(options: OpenOptions, work: () => Value): Value {
  try {
    return work()
  } catch (error) {
    throw toStorageError(error, options)
  }
}

function openUndamaged(options: SqliteLogOptions): SqliteLog | undefined {
  let log: SqliteLog | undefined
  try {
    log = openSqliteLogFile(options)
    log.read({afterSeq: log.latestSeq - 1})
    if (!log.isDamaged) return log
  } catch (error) {
    if (!(isEventLogError(error) && error.code === 'damaged')) throw error
  }
  log?.close()
  return undefined
}
