import {readFileSync, truncateSync, writeFileSync} from 'node:fs'

import {afterEach, beforeEach, expect, test} from 'vitest'

import {listSessions, logFormat, openOrRepairLog, openSqliteLog} from '../src/index.ts'
import {
  change,
  expectNothingWrong,
  offsetOf,
  readUnlessDamaged,
  replaceAll,
  rootOf,
  story,
  type Bytes,
} from './fixtures/damage.ts'
import {createLogFolder, delta, queued, type LogFolder} from './fixtures/log-folder.ts'

let folder: LogFolder
beforeEach(() => void (folder = createLogFolder()))
afterEach(() => folder[Symbol.dispose]())

const pageSize = 4096

/** The leaf page that contains a text. */
function pageWith(bytes: Bytes, text: string): Bytes {
  const page = Math.floor(offsetOf(bytes, text) / pageSize)
  return bytes.subarray(page * pageSize, (page + 1) * pageSize)
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
  change(file, (bytes) => replaceAll(bytes, text, damaged))
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

test.each([0, 600])('a wrong bit in the index, %i deltas before the end: the next host finds the prompt', (deltas) => {
  const flood = Array.from({length: deltas}, (_, index) => delta('bbbbb', `line ${index}\n`))
  const {file, sessionId} = folder.writeLog([...story, queued('bbbbb'), ...flood])
  const rootpage = rootOf(file, 'prompt_events')
  change(file, (bytes) => {
    const page = bytes.subarray((rootpage - 1) * pageSize, rootpage * pageSize)
    replaceAll(page, 'bbbbb', 'bbbbc')
  })
  const {log} = openOrRepairLog({file, sessionId})
  // It is not in the log by another id either: so it cannot run twice.
  expect(log.readPrompt('bbbbb').map(({type}) => type)).toContain('prompt.queued')
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
  ['seventh frame', 32 + 6 * (24 + pageSize) + 9],
])('one wrong bit in the %s of a WAL: the session is listed as unreadable, and loses nothing', (_, offset) => {
  const {file, sessionId, written} = writeKilled()
  change(`${file}-wal`, (bytes) => bytes.writeUInt8(bytes.readUInt8(offset) ^ 16, offset))
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
