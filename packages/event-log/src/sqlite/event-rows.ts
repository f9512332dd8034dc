import type {SessionEvent} from '@holdfast/protocol'

import {promptIdOf, type EncodedEvent} from '../event-log.ts'
import {eventChecksum} from './checksums.ts'

/** The first format with checksums. */
export const checkedFormat = 5

/** The present types of events that had another type before format 4. */
export const renamedTypes: ReadonlyMap<unknown, string> = new Map([
  ['shell.output', 'background.output'],
  ['shell.elided', 'background.elided'],
])

export type Row = Record<string, unknown>

export interface EventReader {
  /** The columns to select. */
  columns: string
  /** The same without the frames of `screen.drawn`: SQLite does not read them then. */
  columnsWithoutFrames: string
  /** Reads an event from its row. Throws a `SyntaxError` for a damaged row. */
  toEvent(row: Row): SessionEvent
  /** Reads an event and its JSON. Throws a `SyntaxError` for a damaged row. */
  toEncoded(row: Row): EncodedEvent
}

/** Reads the events of a log of any format. */
export function eventReader({sessionId, format}: {sessionId: string; format: number}): EventReader {
  const isChecked = format >= checkedFormat
  const toEvent = (row: Row): SessionEvent => {
    const {seq, at, payload} = row
    const type = renamedTypes.get(row['type']) ?? row['type']
    const isWhole = typeof seq === 'number' && typeof at === 'number' && typeof type === 'string'
    if (!isWhole) throw malformed(seq)
    if (type === 'screen.drawn' && payload === null) return {type, session_id: sessionId, seq, at, payload: {}}
    if (typeof payload !== 'string') throw malformed(seq)
    if (isChecked && eventChecksum(seq, at, type, payload) !== row['checksum']) throw malformed(seq)
    const content: unknown = JSON.parse(payload)
    if (!isObject(content)) throw malformed(seq)
    return {type, session_id: sessionId, seq, at, payload: content} as SessionEvent
  }
  const readColumns = ['payload', ...(isChecked ? ['checksum'] : [])]
  const unlessDrawn = readColumns.map((name) => `CASE type WHEN 'screen.drawn' THEN NULL ELSE ${name} END AS ${name}`)
  return {
    columns: ['seq, at, type', ...readColumns].join(', '),
    columnsWithoutFrames: ['seq, at, type', ...unlessDrawn].join(', '),
    toEvent,
    toEncoded(row) {
      const event = toEvent(row)
      const payload = (row['payload'] ?? '{}') as string
      // We write JSON on one line; in a log without checksums, damage can turn it into JSON that has more.
      return {event, json: encodeEvent(event, payload.includes('\n') ? JSON.stringify(event.payload) : payload)}
    },
  }
}

function malformed(seq: unknown): SyntaxError {
  return new SyntaxError(`Event ${String(seq)} is malformed`)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Encodes an event whose payload is encoded already. */
export function encodeEvent({type, session_id, seq, at}: SessionEvent, payload: string): string {
  const head = JSON.stringify({type, session_id, seq, at})
  return `${head.slice(0, -1)},"payload":${payload}}`
}

export const insertEvent = 'INSERT INTO events (seq, at, type, prompt_id, payload, checksum) VALUES (?, ?, ?, ?, ?, ?)'

/** The parameters of `insertEvent`; `payload`: the JSON of the event's payload. */
export function insertValues(event: SessionEvent, payload: string) {
  const {seq, at, type} = event
  return [seq, at, type, promptIdOf(event) ?? null, payload, eventChecksum(seq, at, type, payload)] as const
}
