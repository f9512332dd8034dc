import {readFileSync, truncateSync, writeFileSync} from 'node:fs'
import {DatabaseSync} from 'node:sqlite'

import type {NewEvent, SessionEvent} from '@holdfast/protocol'
import {afterEach, beforeEach, expect, test} from 'vitest'

import {listSessions, logFormat, openOrRepairLog, openSqliteLog} from '../src/index.ts'
import {complete, createLogFolder, delta, info, queued, start, type LogFolder} from './fixtures/log-folder.ts'

let folder: LogFolder
beforeEach(() => void (folder = createLogFolder()))
afterEach(() => folder[Symbol.dispose]())

/** The story of a prompt, and of one that never ran. */
const story: readonly NewEvent[] = [
  info,
  queued('a'),
  start('a'),
  ...Array.from({length: 20}, (_, index) => delta('a', `line ${index}: ${'x'.repeat(100)}\n`)),
  complete('a'),
  queued('b'),
]

const pageSize = 4096

type Bytes = Buffer<ArrayBuffer>

/** Changes the bytes of a file in place. */
function change(file: string, alter: (bytes: Bytes) => void): void {
  const bytes = readFileSync(file)
  alter(bytes)
  writeFileSync(file, bytes)
}

/** Offset of the only place where a file contains a text. */
function offsetOf(bytes: Bytes, text: string): number {
  const at = bytes.indexOf(text)
  expect(at).toBeGreaterThan(0)
  expect(bytes.indexOf(text, at + 1)).toBe(-1)
  return at
}

/** The leaf page that contains a text. */
function pageWith(bytes: Bytes, text: string): Bytes {
  const page = Math.floor(offsetOf(bytes, text) / pageSize)
  return bytes.subarray(page * pageSize, (page + 1) * pageSize)
}

/** Expects that no reader shows anything else than what was written, and that the next host continues after it. */
function expectNothingWrong(file: string, sessionId: string, written: readonly SessionEvent[]) {
  const readable = (events: readonly SessionEvent[]) => events.filter(({type}) => type !== 'event.lost')
  const read = readUnlessDamaged(file, sessionId)
  expect(read === undefined || read.length === written.length).toBe(true)
  for (const event of readable(read ?? [])) expect(event).toEqual(written[event.seq - 1])

  const {log, repaired} = openOrRepairLog({file, sessionId})
  expect(log.latestSeq).toBeGreaterThanOrEqual(written.length)
  const [added] = log.append([queued('new')], {durable: true})
  const all = log.read({limit: 10_000})
  log.close()
  expect(all.map(({seq}) => seq)).toEqual(all.map((_, index) => index + 1))
  expect(all.at(-1)).toEqual(added)
  for (const event of readable(all.slice(0, written.length))) expect(event).toEqual(written[event.seq - 1])
  const lost = all
    .slice(0, written.length)
    .filter(({type}) => type === 'event.lost')
    .map(({seq}) => seq)
  return {read, repaired, lost}
}

function readUnlessDamaged(file: string, sessionId: string): readonly SessionEvent[] | undefined {
  try {
    const log = openSqliteLog({file, sessionId, readOnly: true})
    try {
      return log.read({limit: 10_000})
    } finally {
      log.close()
    }
  } catch (error) {
    expect(error).toMatchObject({code: 'damaged'})
    return undefined
  }
}

function writeStory() {
  const log = folder.writeLog(story)
  return {...log, written: readUnlessDamaged(log.file, log.sessionId)!}
}

test('one wrong bit in the text of an event: the event is lost, not shown', () => {
  const {file, sessionId, written} = writeStory()
  change(file, (bytes) => (bytes[offsetOf(bytes, 'line 7:') + 5]! ^= 1))
  const {read, lost} = expectNothingWrong(file, sessionId, written)
  expect(read?.[10]).toMatchObject({type: 'event.lost', seq: 11})
  expect(lost).toEqual([11])
})

test('rows out of order: all of them are shown, and what follows can be read', () => {
  const {file, sessionId, written} = writeStory()
  change(file, (bytes) => {
    const page = pageWith(bytes, 'line 7:')
    // The pointers to the second and the fourth row of the page.
    const [second, fourth] = [page.readUInt16BE(10), page.readUInt16BE(14)]
    page.writeUInt16BE(fourth, 10)
    page.writeUInt16BE(second, 14)
  })
  const {read} = expectNothingWrong(file, sessionId, written)
  expect(read?.some(({type}) => type === 'event.lost')).toBe(true)
  const {log, repaired} = openOrRepairLog({file, sessionId})
  expect(repaired).toMatchObject({lost: 0})
  expect(log.read({limit: written.length})).toEqual(written)
  log.close()
})

test('the last rows vanish from their page: they are recovered, and no seq is used twice', () => {
  const {file, sessionId, written} = writeStory()
  change(file, (bytes) => {
    const page = pageWith(bytes, 'line 19:')
    page.writeUInt16BE(page.readUInt16BE(3) - 2, 3)
  })
  const {read, repaired, lost} = expectNothingWrong(file, sessionId, written)
  expect({read, lost}).toEqual({read: undefined, lost: []})
  expect(repaired).toMatchObject({kept: written.length, lost: 0})
})

test.each([
  ['a column', 'payload TEXT NOT NULL', 'qayload TEXT NOT NULL'],
  ['a table', 'TABLE writer', 'TABLE vriter'],
  ['the condition of the index', `type <> 'message.delta'`, `type <> 'message.eelta'`],
])('one wrong bit in the schema, in %s: the host starts with all events', (_, text, damaged) => {
  const {file, sessionId, written} = writeStory()
  change(file, (bytes) => {
    // Former versions of the schema stand in unused parts of the page.
    for (let at = -1; (at = bytes.indexOf(text, at + 1)) !== -1;) bytes.write(damaged, at)
  })
  const {repaired, lost} = expectNothingWrong(file, sessionId, written)
  expect(repaired).toMatchObject({kept: written.length, lost: 0})
  expect(lost).toEqual([])
})

/** https://www.sqlite.org/fileformat2.html#the_database_header */
const formatOffset = 60

test.each([logFormat ^ 1, logFormat ^ 4, logFormat ^ 8])('format %i by a wrong bit: the host starts', (format) => {
  const {file, sessionId, written} = writeStory()
  change(file, (bytes) => void bytes.writeUInt32BE(format, formatOffset))
  const {repaired} = expectNothingWrong(file, sessionId, written)
  expect(repaired).toMatchObject({kept: written.length, lost: 0})
})

test('a wrong bit in the index: the next host finds the prompt, so that it cannot run twice', () => {
  const {file, sessionId} = folder.writeLog([...story, queued('bbbbb'), complete('bbbbb')])
  const index = new DatabaseSync(file, {readOnly: true})
  const {rootpage} = index.prepare(`SELECT rootpage FROM sqlite_schema WHERE name = 'prompt_events'`).get() as {
    rootpage: number
  }
  index.close()
  change(file, (bytes) => {
    const page = bytes.subarray((rootpage - 1) * pageSize, rootpage * pageSize)
    for (let at = -1; (at = page.indexOf('bbbbb', at + 1)) !== -1;) page.write('bbbbc', at)
  })
  const {log} = openOrRepairLog({file, sessionId})
  expect(log.readPrompt('bbbbb').map(({type}) => type)).toEqual(['prompt.queued', 'message.complete'])
  log.close()
})

/** Writes a log whose last events are only in its WAL, as a killed host leaves it. */
function writeKilled() {
  const {file, sessionId} = folder.writeLog([])
  const host = openSqliteLog({file, sessionId, now: () => 7})
  host.append(story.slice(0, 5))
  host.append(story.slice(5))
  const written = host.read()
  const copies = ['', '-wal', '-shm'].map((suffix) => [file + suffix, readFileSync(file + suffix)] as const)
  host.close()
  for (const [name, content] of copies) writeFileSync(name, content)
  return {file, sessionId, written}
}

test.each([
  ['magic number', 0],
  ['page size', 10],
  ['salt', 16],
  ['checksum', 24],
])('one wrong bit in the %s of a WAL: the session is listed as unreadable, and loses nothing', (_, offset) => {
  const {file, sessionId, written} = writeKilled()
  change(`${file}-wal`, (bytes) => (bytes[offset]! ^= 16))
  expect(listSessions(folder.path)).toMatchObject([{id: sessionId, error: {code: 'damaged'}}])
  const {repaired, lost} = expectNothingWrong(file, sessionId, written)
  expect(repaired).toMatchObject({kept: written.length, lost: 0})
  expect(lost).toEqual([])
})

test.each([0, 10, 5000, 20_000])('a WAL truncated to %i bytes: the next host says what is lost', (size) => {
  const {file, sessionId, written} = writeKilled()
  truncateSync(`${file}-wal`, size)
  expect(listSessions(folder.path)).toMatchObject([{id: sessionId, error: {code: 'damaged'}}])
  const {log, repaired} = openOrRepairLog({file, sessionId})
  expect(repaired?.kept).toBeLessThan(written.length)
  const note = log.read().findLast(({type}) => type === 'note')
  expect(note?.payload).toMatchObject({text: expect.stringMatching(/damaged: \d+ events were recovered, \d+ are lost/)})
  log.close()
})
