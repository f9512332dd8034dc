import {closeSync, openSync, readFileSync, statSync, writeSync} from 'node:fs'
import {DatabaseSync} from 'node:sqlite'

import {sessionStateSchema, type SessionEvent, type SessionInfo} from '@holdfast/protocol'

import {stateChecksum, writerChecksum} from '../sqlite/checksums.ts'
import {checkedFormat, eventReader} from '../sqlite/event-rows.ts'
import {logFormat} from '../sqlite/log-format.ts'
import {salvageEvent, salvageRows} from '../sqlite/salvage-rows.ts'
import {carveRows, type CarvedRow} from './carve-rows.ts'
import {openPageImages, pageSize, type PageImages} from './page-images.ts'

/** What can be read of a damaged log beside its events. */
export interface Salvaged {
  /** The seq of the last event that was written; 0 if that is unknown. */
  lastSeq: number
  info: SessionInfo | undefined
}

export interface SalvageOptions {
  sessionId: string
  /** The damaged log; it is only read. */
  file: string
  /** A copy of it, which SQLite may change. */
  copy: string
  /** An undamaged log without events. */
  undamaged: string
  /** Receives the readable events in any order, some of them twice. */
  onEvent: (event: SessionEvent) => void
}

/** Reads all that can be read of a damaged log: with SQLite, then from its pages, however they are linked. */
export function salvageLog({sessionId, file, copy, undamaged, onEvent}: SalvageOptions): Salvaged {
  const salvaged: Salvaged = {lastSeq: 0, info: undefined}
  using images = openPageImages(file)
  const format = formatOf(images)
  const database = openDamaged(copy, undamaged, eventReader({sessionId, format}).columns)
  if (database !== undefined) {
    try {
      for (const event of salvageRows(database, {sessionId, format})) onEvent(event)
      if (format < checkedFormat) salvaged.info = readInfo(database)
    } finally {
      database.close()
    }
  }

  const reader = eventReader({sessionId, format: logFormat})
  let stateSeq = -1
  for (const row of carveRows(images)) {
    const event = row.values.length === eventColumns ? salvageEvent(eventRow(row), reader) : undefined
    if (event !== undefined) onEvent(event)
    else if (isCounter(row)) salvaged.lastSeq = Math.max(salvaged.lastSeq, Number(row.values[1]))
    else if (isState(row) && Number(row.values[2]) > stateSeq) {
      stateSeq = Number(row.values[2])
      salvaged.info = infoOf(row.values[1])
    }
  }
  return salvaged
}

/** How many columns the tables have in this format; no two have the same number. */
const [eventColumns, counterColumns, stateColumns] = [6, 5, 4]

function eventRow({rowid, values: [, at, type, , payload, checksum]}: CarvedRow) {
  return {seq: rowid, at, type, payload, checksum}
}

/** Whether a row is that of the table `writer`. */
function isCounter({values}: CarvedRow): boolean {
  const [, lastSeq, stateSeq, checksum] = values
  return values.length === counterColumns && checksum === writerChecksum(Number(lastSeq), Number(stateSeq))
}

/** Whether a row is that of the table `session`. */
function isState({values}: CarvedRow): boolean {
  const [, state, stateSeq, checksum] = values
  const isText = typeof state === 'string'
  return values.length === stateColumns && isText && checksum === stateChecksum(Number(stateSeq), state)
}

function infoOf(state: unknown): SessionInfo | undefined {
  try {
    return sessionStateSchema().parse(JSON.parse(String(state))).info
  } catch {
    return undefined
  }
}

/** For a log without checksums. */
function readInfo(damaged: DatabaseSync): SessionInfo | undefined {
  try {
    return infoOf(damaged.prepare('SELECT state FROM session').get()?.['state'])
  } catch {
    return undefined
  }
}

/**
 * The format of a damaged log. Its header and schema may be wrong, but each event that was written with a checksum has one column
 * more. Without checksums, all formats are read in the same way.
 */
function formatOf(images: PageImages): number {
  for (const {values} of carveRows(images)) if (values.length === eventColumns) return logFormat
  return checkedFormat - 1
}

/** Opens a copy of the damaged log; returns `undefined` if its events cannot be found. */
function openDamaged(source: string, undamaged: string, columns: string): DatabaseSync | undefined {
  // SQLite would discard the WAL of an empty file.
  const opened = statSync(source).size === 0 ? undefined : tryOpen(source, columns)
  if (opened !== undefined) return opened
  replaceFirstPage(source, undamaged)
  return tryOpen(source, columns)
}

function tryOpen(file: string, columns: string): DatabaseSync | undefined {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(file)
    database.prepare(`SELECT ${columns} FROM events LIMIT 0`).all()
    return database
  } catch {
    database?.close()
    return undefined
  }
}

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
