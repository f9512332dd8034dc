import type {DatabaseSync} from 'node:sqlite'

import {parseEvent, type SessionEvent} from '@holdfast/protocol'

import {eventReader, type EventReader, type Row} from './event-rows.ts'
import {storageErrorCode} from './storage-error.ts'

/**
 * How many seqs in a row may be unreadable before the rest is given up. One broken page hides a few hundred; a repair finds the
 * rest without the B-tree.
 */
const maxMisses = 1000

/** How many rows to read at once while none is damaged. */
const pageLength = 500

/**
 * Yields the readable events of a damaged log, in order. It looks up each event by its seq, so a broken page hides only the
 * events on it. A row that does not parse as an event counts as damaged, too.
 */
export function* salvageRows(
  database: DatabaseSync,
  log: {sessionId: string; format: number},
  range: {from?: number; to?: number} = {},
): Generator<SessionEvent> {
  const {from = 1, to = Number.MAX_SAFE_INTEGER} = range
  const reader = eventReader(log)
  const select = database.prepare(`SELECT ${reader.columns} FROM events WHERE seq BETWEEN ? AND ? ORDER BY seq LIMIT ?`)
  /** Returns `undefined` if the rows cannot be read. */
  const read = (seq: number, limit: number) => {
    try {
      return select.all(seq, to, limit)
    } catch (error) {
      if (!isDamage(error)) throw error
      return undefined
    }
  }
  let seq = from
  for (let misses = 0; seq <= to && misses <= maxMisses;) {
    const rows = (misses === 0 ? read(seq, pageLength) : undefined) ?? read(seq, 1)
    // In a damaged B-tree, later rows may follow although there seem to be none.
    if (rows?.length === 0 && range.to === undefined) return
    const events = (rows ?? []).map((row) => salvageEvent(row, reader))
    for (const event of events) {
      if (event === undefined || event.seq < seq) continue
      yield event
      seq = event.seq + 1
      misses = 0
    }
    if (rows !== undefined && events.some((event) => event !== undefined)) continue
    seq += 1
    misses += 1
  }
}

function isDamage(error: unknown): boolean {
  return storageErrorCode(error) !== 'full'
}

/** Reads an event from its row, and verifies all of it; returns `undefined` for a damaged row. */
export function salvageEvent(row: Row, {toEvent}: EventReader): SessionEvent | undefined {
  try {
    const wire = toEvent(row)
    // An event type of a newer version is kept, too.
    return 'seq' in parseEvent(wire) ? wire : undefined
  } catch {
    return undefined
  }
}
