import type {DatabaseSync} from 'node:sqlite'

import {parseEvent, type SessionEvent} from '@holdfast/protocol'

import {storageErrorCode} from '../sqlite/storage-error.ts'

/** How many places in a row may be unreadable until the rest is given up: a broken page mostly hides some hundreds. */
const maxMisses = 20_000

/** Rows that are asked for at once, as long as all goes well. */
const pageLength = 500

/**
 * The events of a damaged log that can be read, in order, with gaps where they cannot. Each is looked for by its seq, so a
 * broken page hides what is on it and no more. What does not fit an event is taken for damage, too.
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
  /** `undefined`: not readable. */
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

function readRow({seq, at, type, payload}: Record<string, unknown>, sessionId: string): SessionEvent | undefined {
  try {
    const wire = {type, session_id: sessionId, seq, at, payload: JSON.parse(payload as string) as unknown}
    const event = parseEvent(wire)
    // What a newer version wrote is kept as it is.
    return 'seq' in event ? ((event.type === 'unknown' ? wire : event) as SessionEvent) : undefined
  } catch {
    return undefined
  }
}
