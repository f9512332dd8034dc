import type {DatabaseSync} from 'node:sqlite'

import {parseEvent, type SessionEvent} from '@holdfast/protocol'

import {currentType} from './log-format.ts'
import {storageErrorCode} from './storage-error.ts'

/** How many seqs in a row may be unreadable before the rest is given up; one broken page hides a few hundred. */
const maxMisses = 20_000

/** How many rows to read at once while none is damaged. */
const pageLength = 500

/**
 * Yields the readable events of a damaged log, in order. It looks up each event by its seq, so a broken page hides only the
 * events on it. A row that does not parse as an event counts as damaged, too.
 */
export function* salvageRows(
  database: DatabaseSync,
  sessionId: string,
  range: {from?: number; to?: number} = {},
): Generator<SessionEvent> {
  const {from = 1, to = Number.MAX_SAFE_INTEGER} = range
  const select = database.prepare(
    'SELECT seq, at, type, payload FROM events WHERE seq BETWEEN ? AND ? ORDER BY seq LIMIT ?',
  )
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
    if (rows?.length === 0) return
    const events = (rows ?? []).map((row) => readRow(row, sessionId))
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

function readRow({seq, at, payload, ...row}: Record<string, unknown>, sessionId: string): SessionEvent | undefined {
  try {
    const wire = {
      type: currentType(row['type']),
      session_id: sessionId,
      seq,
      at,
      payload: JSON.parse(payload as string) as unknown,
    }
    const event = parseEvent(wire)
    // An event type of a newer version is kept unchanged.
    return 'seq' in event ? ((event.type === 'unknown' ? wire : event) as SessionEvent) : undefined
  } catch {
    return undefined
  }
}
