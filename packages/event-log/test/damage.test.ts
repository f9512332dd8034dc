import {copyFileSync, readFileSync, renameSync, statSync, truncateSync, writeFileSync} from 'node:fs'
import {DatabaseSync} from 'node:sqlite'

import {reduceSession, type NewEvent, type SessionEvent, type SessionState} from '@holdfast/protocol'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'

import {listSessions, openOrRepairLog, openSqliteLog, type EventLog, type RepairedLog} from '../src/index.ts'
import {complete, createLogFolder, delta, info, queued, start, type LogFolder} from './fixtures/log-folder.ts'

const pageSize = 4096
/** Events in the long log; they fill about 250 pages. */
const length = 6000

let folder: LogFolder
beforeEach(() => void (folder = createLogFolder()))
afterEach(() => folder[Symbol.dispose]())

function longStory(): NewEvent[] {
  const output = Array.from({length: length - 5}, (_, index) => delta('a', `${index} ${'x'.repeat(index % 200)}\n`))
  return [info, queued('a'), start('a'), ...output, complete('a'), queued('b')]
}

interface Written {
  file: string
  sessionId: string
  events: readonly SessionEvent[]
}

function writeLongLog(): Written {
  const {file, sessionId} = folder.writeLog(longStory())
  return {file, sessionId, events: readAll(openSqliteLog({file, sessionId, readOnly: true}))}
}

function readAll(log: EventLog): readonly SessionEvent[] {
  const events = log.read({limit: 100_000, maxBytes: Infinity})
  log.close()
  return events
}

function overwrite(file: string, at: number, bytes: Uint8Array): void {
  const data = readFileSync(file)
  data.set(bytes, at)
  writeFileSync(file, data)
}

const pagesOf = (file: string) => statSync(file).size / pageSize
const garbage = (size: number) => Uint8Array.from({length: size}, (_, index) => (index * 7 + 13) % 256)

/** The root page of a table or index. */
function rootOf(file: string, table: string): number {
  const database = new DatabaseSync(file, {readOnly: true})
  const row = database.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').get(table) as {rootpage: number}
  database.close()
  return row.rootpage
}

const page = (number: number) => (number - 1) * pageSize

/** How a log is damaged, and how many of its events a repair must recover at least. */
const places: [string, (file: string) => void, number][] = [
  ['its header is overwritten', (file) => overwrite(file, 0, garbage(100)), length],
  ['its first page is zeros', (file) => overwrite(file, 0, new Uint8Array(pageSize)), length],
  ['its first page is garbage', (file) => overwrite(file, 0, garbage(pageSize)), length],
  ['a page in its middle is zeros', (file) => overwrite(file, page(100), new Uint8Array(pageSize)), length - 100],
  ['a page in its middle is garbage', (file) => overwrite(file, page(100), garbage(pageSize)), length - 100],
  ['many pages are garbage', (file) => overwrite(file, page(50), garbage(40 * pageSize)), length - 3000],
  ['its state is garbage', (file) => overwrite(file, page(rootOf(file, 'session')), garbage(pageSize)), length],
  ['its index is garbage', (file) => overwrite(file, page(rootOf(file, 'prompt_events')), garbage(pageSize)), length],
  ['its last page is garbage', (file) => overwrite(file, page(pagesOf(file)), garbage(pageSize)), length - 100],
  ['it is cut in half', (file) => truncateSync(file, page(Math.floor(pagesOf(file) / 2))), 2000],
  ['it is cut within a page', (file) => truncateSync(file, statSync(file).size - 1000), length - 100],
  [
    'the root of its events is garbage',
    (file) => overwrite(file, page(rootOf(file, 'events')), garbage(pageSize)),
    length,
  ],
  ['it is no database at all', (file) => writeFileSync(file, 'notes '.repeat(10_000)), 0],
]

describe.each(places)('a log: %s', (_place, damage, least) => {
  test('a repair keeps all readable events, and the log continues after them', () => {
    const {file, sessionId, events} = writeLongLog()
    damage(file)
    const asItWas = readFileSync(file)

    // The first host may find the damage only when it reads; then the next host repairs the log.
    const found = visit(file, sessionId)
    const damaged = found === undefined ? readFileSync(file) : asItWas
    const {log, repaired = found} = openOrRepairLog({file, sessionId})
    expect(repaired?.kept).toBeGreaterThanOrEqual(least)
    expect(readFileSync(repaired?.damagedFile ?? '').equals(damaged)).toBe(true)

    const added = log.append([queued('c')])
    expect(log.state()).toEqual(readState(log))
    expect(log.state()).toMatchObject({running: null, queue: [{prompt_id: 'c'}]})
    expect(log.readPrompt('c')).toEqual(added)
    const all = readAll(log)
    expect(all.map(({seq}) => seq)).toEqual(all.map((_, index) => index + 1))
    const originals = all.filter(({seq, type}) => seq <= events.length && type !== 'event.lost')
    const same = originals.filter((event) => isSame(event, events[event.seq - 1]))
    expect(same.length).toBeGreaterThanOrEqual(least)
    expect(all.findLast(({type}) => type === 'note')?.payload).toMatchObject({
      text: expect.stringMatching(
        /^The log of this session was damaged: \d+ events were recovered, .* is kept as \w+\.db\.damaged-1$/,
      ),
    })
    const again = openOrRepairLog({file, sessionId})
    expect(again.repaired).toBeUndefined()
    again.log.close()
  })
})

/** Opens a log like a host, reads all of it, and closes it if that fails. */
function visit(file: string, sessionId: string): RepairedLog | undefined {
  const {log, repaired} = openOrRepairLog({file, sessionId})
  try {
    log.readPrompt('a')
    readAll(log)
  } catch (error) {
    expect(error).toMatchObject({code: 'damaged'})
    log.close()
  }
  return repaired
}

function readState(log: EventLog): SessionState | undefined {
  return log.read({limit: 100_000, maxBytes: Infinity}).reduce<SessionState | undefined>(reduceSession, undefined)
}

function isSame(one: SessionEvent, other: SessionEvent | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

test('a reader gets all events around a broken page before a repair, and does not change the file', () => {
  const {file, sessionId, events} = writeLongLog()
  overwrite(file, page(100), new Uint8Array(pageSize))
  const before = readFileSync(file)
  const read = readAll(openSqliteLog({file, sessionId, readOnly: true}))
  expect(read.map(({seq}) => seq)).toEqual(events.map(({seq}) => seq))
  const lost = read.filter(({type}) => type === 'event.lost').map(({seq}) => seq)
  expect(lost.length).toBeGreaterThan(0)
  expect(lost.length).toBeLessThan(100)
  expect(read.filter((event) => isSame(event, events[event.seq - 1])).length).toBe(length - lost.length)

  const log = openSqliteLog({file, sessionId, readOnly: true})
  const [first = 0] = lost
  const seqs = (range: Parameters<EventLog['read']>[0]) => log.read(range).map(({seq}) => seq)
  expect(seqs({afterSeq: first - 3, limit: 4})).toEqual([first - 2, first - 1, first, first + 1])
  expect(seqs({beforeSeq: first + 2, limit: 3})).toEqual([first - 1, first, first + 1])
  log.close()
  expect(readFileSync(file).equals(before)).toBe(true)
})

test('a damaged WAL costs the events on its damaged pages, and none before or after them', () => {
  const {file, sessionId, events} = writeLongLog()
  const host = openSqliteLog({file, sessionId})
  for (let count = 0; count < 50; count++) host.append([delta('b', `${count}`)])
  // The files that a killed host leaves.
  const killed = `${folder.path}/killed.db`
  for (const suffix of ['', '-wal']) copyFileSync(file + suffix, killed + suffix)
  host.close()
  overwrite(`${killed}-wal`, Math.floor(statSync(`${killed}-wal`).size / 2), garbage(5000))
  const broken = readFileSync(`${killed}-wal`)

  expect(() => openSqliteLog({file: killed, sessionId, readOnly: true})).toThrow(
    expect.objectContaining({code: 'damaged'}),
  )
  const {log, repaired} = openOrRepairLog({file: killed, sessionId})
  expect(repaired).toMatchObject({kept: length + 50, lost: 0})
  const all = readAll(log)
  expect(all.map(({seq}) => seq)).toEqual(all.map((_, index) => index + 1))
  expect(all.slice(0, length)).toEqual(events)
  const added = all.slice(length, length + 50).map(({payload}) => (payload as {text: string}).text)
  expect(added).toEqual(Array.from({length: 50}, (_, count) => `${count}`))
  expect(readFileSync(`${killed}.damaged-1-wal`).equals(broken)).toBe(true)
})

test('the WAL of a killed host needs no repair, even with an incomplete transaction at its end', () => {
  const {file, sessionId} = writeLongLog()
  const host = openSqliteLog({file, sessionId})
  for (let count = 0; count < 50; count++) host.append([delta('b', `${count}`)])
  const killed = `${folder.path}/killed.db`
  for (const cut of [0, 2000]) {
    for (const suffix of ['', '-wal']) copyFileSync(file + suffix, killed + suffix)
    truncateSync(`${killed}-wal`, statSync(`${killed}-wal`).size - cut)
    const {log, repaired} = openOrRepairLog({file: killed, sessionId})
    expect(repaired).toBeUndefined()
    expect(log.latestSeq).toBe(length + (cut === 0 ? 50 : 49))
    log.close()
  }
  host.close()
  expect(new Set(Object.keys(folder.contents()))).toEqual(new Set([`${sessionId}.db`, 'killed.db']))
})

test('the WAL beside an emptied file is recovered', () => {
  const {file, sessionId} = folder.writeLog([info])
  const host = openSqliteLog({file, sessionId})
  host.append([queued('a'), start('a')])
  const emptied = `${folder.path}/emptied.db`
  copyFileSync(`${file}-wal`, `${emptied}-wal`)
  host.close()
  writeFileSync(emptied, '')
  const {log, repaired} = openOrRepairLog({file: emptied, sessionId})
  expect(repaired?.kept).toBe(3)
  expect(log.readPrompt('a').map(({type}) => type)).toEqual(['prompt.queued', 'message.start', 'message.complete'])
  log.close()
  expect(readFileSync(`${emptied}.damaged-1-wal`).length).toBeGreaterThan(0)
})

test('a repair that was cut short is finished by the next start', () => {
  const {file, sessionId, events} = writeLongLog()
  const whole = readFileSync(file)
  overwrite(file, 0, garbage(100))
  // Half of a new log, and the copy of the damaged one.
  writeFileSync(`${file}.repaired.part`, whole.subarray(0, 5 * pageSize))
  writeFileSync(`${file}.repairing`, 'half a copy')
  const {log, repaired} = openOrRepairLog({file, sessionId})
  expect(repaired?.kept).toBe(length)
  log.close()
  // A complete new log that was not renamed yet.
  writeFileSync(`${file}.repaired`, whole)
  const other = openOrRepairLog({file, sessionId})
  expect(readAll(other.log)).toEqual(events)
  expect(Object.keys(folder.contents()).sort()).toEqual([
    `${sessionId}.db`,
    `${sessionId}.db.damaged-1`,
    `${sessionId}.db.damaged-2`,
  ])
})

test('a complete new log whose damaged one somebody deleted is listed and read, and takes its place', () => {
  const {file, sessionId, events} = writeLongLog()
  renameSync(file, `${file}.repaired`)
  expect(listSessions(folder.path)).toMatchObject([{id: sessionId, state: {running: null, queue: [{prompt_id: 'b'}]}}])
  expect(readAll(openSqliteLog({file, sessionId, readOnly: true}))).toEqual(events)
  const {log} = openOrRepairLog({file, sessionId})
  expect(readAll(log)).toEqual(events)
  log.close()
  expect(Object.keys(folder.contents())).toEqual([`${sessionId}.db`])
})
