import type {DatabaseSync, StatementSync} from 'node:sqlite'

import type {EventPayload, SessionEvent, SessionState} from '@holdfast/protocol'

import {promptIdOf, type EncodedEvent, type StartedPrompt, type StartedPromptRange} from '../event-log.ts'
import {cutToRange, takeWithin, type ResolvedRange} from '../event-range.ts'
import {stateChecksum, writerChecksum} from './checksums.ts'
import {checkedFormat, eventReader, type Row} from './event-rows.ts'
import {reduceState} from './log-format.ts'
import {salvageRows} from './salvage-rows.ts'
import {storageErrorCode} from './storage-error.ts'

export interface LogReaderOptions {
  sessionId: string
  format: number
  /** Called when something cannot be read. */
  onDamage: () => void
}

/** Reads what is in a log, and throws a `SyntaxError` or an error of SQLite for what is damaged. */
export interface LogReader {
  latestSeq(): number
  /** The state, and the seq of the event that last changed it. */
  storedState(): {state: SessionState | undefined; stateSeq: number}
  /** Reads a range, with `event.lost` in place of each event that cannot be read. */
  read(range: ResolvedRange): EncodedEvent[]
  readPrompt(promptId: string): SessionEvent[]
  readStartedPrompts(range: StartedPromptRange): StartedPrompt[]
}

export type Statements = (text: string) => StatementSync

/** Prepares a statement when it is first needed: most readers need only one. */
export function lazyStatements(database: DatabaseSync): Statements {
  const prepared = new Map<string, StatementSync>()
  return (text) => {
    const known = prepared.get(text) ?? database.prepare(text)
    prepared.set(text, known)
    return known
  }
}

export function createLogReader(
  database: DatabaseSync,
  {sessionId, format, onDamage}: LogReaderOptions,
  statement: Statements = lazyStatements(database),
): LogReader {
  const isChecked = format >= checkedFormat
  const {columns, columnsWithoutFrames, toEvent, toEncoded} = eventReader({sessionId, format})
  const sql = {
    latestSeq: isChecked
      ? 'SELECT (SELECT max(seq) FROM events) AS seq, last_seq, state_seq, checksum FROM writer'
      : 'SELECT max(seq) AS seq FROM events',
    // The stored state of an older format may lack fields.
    state:
      'SELECT session.state, session.state_seq, session.checksum, writer.state_seq AS changed FROM session, writer',
    started: `SELECT ${columns} FROM events WHERE seq BETWEEN ? AND ? AND type = 'message.start' ORDER BY seq DESC`,
    // The condition on deltas, as it is in the index of prompts: otherwise SQLite would not use that.
    prompt: `SELECT ${columns} FROM events WHERE prompt_id = ? AND type <> 'message.delta' AND type <> 'prompt.updated' ORDER BY seq`,
  } as const

  const latestSeq = () => {
    const row = statement(sql.latestSeq).get() ?? {}
    const seq = row['seq'] ?? 0
    if (
      isChecked &&
      (seq !== row['last_seq'] || row['checksum'] !== writerChecksum(Number(seq), Number(row['state_seq'])))
    ) {
      throw new SyntaxError(`its last event should be ${String(row['last_seq'])}, but is ${String(seq)}`)
    }
    return Number(seq)
  }

  const rowsOf = (resolved: ResolvedRange): Iterable<Row> => {
    const {first, last, from, limit, types, frames} = resolved
    const select = `SELECT ${frames ? columns : columnsWithoutFrames} FROM events WHERE seq BETWEEN ? AND ?`
    const order = `ORDER BY seq ${from === 'oldest' ? 'ASC' : 'DESC'} LIMIT ?`
    if (types === undefined) return withoutGap(statement(`${select} ${order}`).iterate(first, last, limit), resolved)
    const ofTypes = 'AND type IN (SELECT value FROM json_each(?))'
    return statement(`${select} ${ofTypes} ${order}`).iterate(first, last, JSON.stringify(types), limit)
  }

  return {
    latestSeq,

    storedState() {
      if (!isChecked) return {state: reduceState(database, {sessionId, format}), stateSeq: latestSeq()}
      const row = statement(sql.state).get() ?? {}
      const json = row['state']
      const stateSeq = Number(row['state_seq'])
      const isText = typeof json === 'string' || json === null
      if (!isText || row['changed'] !== stateSeq || row['checksum'] !== stateChecksum(stateSeq, json)) {
        throw new SyntaxError('its state is malformed')
      }
      return {state: json === null ? undefined : (JSON.parse(json) as SessionState), stateSeq}
    },

    read(resolved) {
      const {first, last, from, maxBytes} = resolved
      if (last < first) return []
      try {
        const events = takeWithin(rowsOf(resolved), ({payload}) => String(payload).length, maxBytes).map(toEncoded)
        return from === 'oldest' ? events : events.reverse()
      } catch (error) {
        if (storageErrorCode(error) !== 'damaged') throw error
        onDamage()
        return readAround(database, {sessionId, format}, resolved)
      }
    },

    readPrompt(promptId) {
      const events = statement(sql.prompt).all(promptId).map(toEvent)
      const misplaced = events.find((event) => promptIdOf(event) !== promptId)
      if (misplaced !== undefined) throw new SyntaxError(`the index shows event ${misplaced.seq} for another prompt`)
      return events
    },

    readStartedPrompts({beforeSeq = Infinity, maxEvents = 1000, maxTextLength = Infinity}) {
      const last = Math.min(beforeSeq - 1, latestSeq())
      const prompts: StartedPrompt[] = []
      // One after another: together, they may have gigabytes.
      for (const row of statement(sql.started).iterate(last - maxEvents + 1, last)) {
        const {seq, at, payload} = toEvent(row)
        const {prompt_id, text, cwd} = payload as EventPayload<'message.start'>
        if (text.length <= maxTextLength) prompts.push({seq, promptId: prompt_id, at, text, cwd})
      }
      return prompts
    },
  }
}

/** Yields the rows of a range, which has all seqs between its bounds. Throws a `SyntaxError` where one is missing. */
function* withoutGap(rows: Iterable<Row>, {first, last, from, limit}: ResolvedRange): Generator<Row> {
  let count = 0
  const next = () => (from === 'oldest' ? first + count : last - count)
  for (const row of rows) {
    if (row['seq'] !== next()) break
    count += 1
    yield row
  }
  if (count < Math.min(limit, last - first + 1)) throw new SyntaxError(`event ${next()} is missing`)
}

/** Reads a range that contains damage, with `event.lost` in place of each event that cannot be read. */
function readAround(
  database: DatabaseSync,
  log: {sessionId: string; format: number},
  range: ResolvedRange,
): EncodedEvent[] {
  const {first, last, from, limit} = range
  const [start, end] =
    from === 'oldest' ? [first, Math.min(last, first + limit - 1)] : [Math.max(first, last - limit + 1), last]
  const readable = new Map(
    Array.from(salvageRows(database, log, {from: start, to: end}), (event) => [event.seq, event]),
  )
  const events = Array.from({length: Math.max(0, end - start + 1)}, (_, index): SessionEvent => {
    const seq = start + index
    return readable.get(seq) ?? {type: 'event.lost', session_id: log.sessionId, seq, at: 0, payload: {}}
  })
  return cutToRange(events, range).map((event) => ({event, json: JSON.stringify(event)}))
}
