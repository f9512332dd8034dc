import {existsSync, rmSync} from 'node:fs'

import {isEventLogError, type EventLog} from '../event-log.ts'
import {hasBrokenWal} from '../sqlite/inspect-wal.ts'
import {requirePlainFiles} from '../sqlite/plain-files.ts'
import {damageFlagFile, openSqliteLog, type SqliteLogOptions} from '../sqlite/sqlite-log.ts'
import {finishRepair, repairLog, type RepairedLog} from './repair-log.ts'

export interface OpenedLog {
  log: EventLog
  /** What a repair recovered; `undefined` if the log was not damaged. */
  repaired: RepairedLog | undefined
}

/**
 * Opens a log for writing, and repairs it first if its beginning, its end or its state is damaged, or if its last writer
 * found damage. Other damage is found when it is read. The caller holds the session's lease. Throws `EventLogError`.
 */
export function openOrRepairLog(options: Omit<SqliteLogOptions, 'create' | 'readOnly'>): OpenedLog {
  const {file} = options
  requirePlainFiles(file)
  finishRepair(file)
  const isKnownDamaged = existsSync(damageFlagFile(file)) || hasBrokenWal(file)
  const log = isKnownDamaged ? undefined : openUndamaged(options)
  if (log !== undefined) return {log, repaired: undefined}
  const repaired = repairLog(options)
  rmSync(damageFlagFile(file), {force: true})
  return {log: openSqliteLog(options), repaired}
}

function openUndamaged(options: SqliteLogOptions): EventLog | undefined {
  let log: EventLog | undefined
  try {
    log = openSqliteLog(options)
    log.state()
    log.read({afterSeq: log.latestSeq - 1})
    if (!existsSync(damageFlagFile(options.file))) return log
  } catch (error) {
    if (!(isEventLogError(error) && error.code === 'damaged')) throw error
  }
  log?.close()
  return undefined
}
