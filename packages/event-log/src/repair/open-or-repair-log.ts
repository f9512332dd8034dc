import {existsSync, rmSync, statSync} from 'node:fs'
import {basename} from 'node:path'

import type {NewEvent} from '@holdfast/protocol'

import {EventLogError, type EventLog} from '../event-log.ts'
import {keepBrokenWal} from './keep-broken-wal.ts'
import {finishRepair, repairLog, type RepairedLog} from './repair-log.ts'
import {damageFlagFile, openSqliteLog, type SqliteLogOptions} from '../sqlite/sqlite-log.ts'

export interface OpenedLog {
  log: EventLog
  /** What became of a damaged log that was found in its place. */
  repaired: RepairedLog | undefined
}

/**
 * Opens a log for writing, and repairs it first where it is damaged: at its beginning, its end or its state, or wherever its
 * last writer met damage. What is broken elsewhere is found when it is read. Throws `EventLogError`.
 */
export function openOrRepairLog(options: Omit<SqliteLogOptions, 'create' | 'readOnly'>): OpenedLog {
  const {file} = options
  finishRepair(file)
  const isKnown = existsSync(damageFlagFile(file)) || isEmptied(file)
  const brokenWal = isKnown ? undefined : keepBrokenWal(file)
  const sound = isKnown ? undefined : openIfSound(options)
  if (sound !== undefined) {
    if (brokenWal !== undefined && sound.state()?.closed === null) sound.append([noteOf(brokenWal)], {durable: true})
    return {log: sound, repaired: undefined}
  }
  const repaired = repairLog(options)
  rmSync(damageFlagFile(file), {force: true})
  return {log: openSqliteLog(options), repaired}
}

function openIfSound(options: SqliteLogOptions): EventLog | undefined {
  let log: EventLog | undefined
  try {
    log = openSqliteLog(options)
    log.state()
    log.read({afterSeq: log.latestSeq - 1})
    if (!existsSync(damageFlagFile(options.file))) return log
  } catch (error) {
    if (!(error instanceof EventLogError && error.code === 'damaged')) throw error
  }
  log?.close()
  return undefined
}

/** Nothing is left of the file, but of what came last: SQLite would throw that away. */
function isEmptied(file: string): boolean {
  return statSync(file).size === 0 && (statSync(`${file}-wal`, {throwIfNoEntry: false})?.size ?? 0) > 0
}

function noteOf(brokenWal: string): NewEvent {
  const text = `The end of the log of this session was damaged, what came last may be lost. The damaged part is kept as ${basename(brokenWal)}`
  return {type: 'note', payload: {text, level: 'warning'}}
}
