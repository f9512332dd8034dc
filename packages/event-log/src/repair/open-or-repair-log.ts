import {existsSync, rmSync, statSync} from 'node:fs'
import {basename} from 'node:path'

import type {NewEvent} from '@holdfast/protocol'

import {isEventLogError, type EventLog} from '../event-log.ts'
import {hasWal} from '../sqlite/read-alone.ts'
import {damageFlagFile, openSqliteLog, type SqliteLogOptions} from '../sqlite/sqlite-log.ts'
import {keepBrokenWal} from './keep-broken-wal.ts'
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
  finishRepair(file)
  const isKnownDamaged = existsSync(damageFlagFile(file)) || isTruncatedToNothing(file)
  if (!isKnownDamaged) {
    const brokenWal = keepBrokenWal(file)
    const log = openUndamaged(options)
    if (log !== undefined) {
      if (brokenWal !== undefined && log.state()?.closed === null) log.append([noteOf(brokenWal)], {durable: true})
      return {log, repaired: undefined}
    }
  }
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

/** Only the WAL is left. SQLite would discard the WAL of an empty file. */
function isTruncatedToNothing(file: string): boolean {
  return statSync(file).size === 0 && hasWal(file)
}

function noteOf(brokenWal: string): NewEvent {
  const text = `The end of this session's log was damaged: the last events may be lost. The damaged part is kept as ${basename(brokenWal)}`
  return {type: 'note', payload: {text, level: 'warning'}}
}
