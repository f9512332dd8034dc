import {existsSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'

import type {SessionEvent} from '@holdfast/protocol'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'

import {logFormat, openOrRepairLog, openSqliteLog} from '../src/index.ts'
import {makeOlder} from './fixtures/alter-log.ts'
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
import {createLogFolder, type LogFolder} from './fixtures/log-folder.ts'

const pageSize = 4096
/** Offsets in the header: https://www.sqlite.org/fileformat2.html#the_database_header */
const [headerSize, formatOffset, applicationIdOffset] = [100, 60, 68]

/** Each flip ends with the repair of a log, which a busy disk takes 0.1 s to make durable. */
const manyFlipsMs = 180_000

let folder: LogFolder
// In memory, if the system has a folder for that: the repair after each flip waits for a disk ten times.
beforeEach(() => void (folder = createLogFolder(existsSync('/dev/shm') ? '/dev/shm' : tmpdir())))
afterEach(() => folder[Symbol.dispose]())

function writeStory() {
  const log = folder.writeLog(story)
  return {...log, written: readUnlessDamaged(log.file, log.sessionId)!}
}

/** One wrong bit in the text of event 11. */
const flipText = (bytes: Bytes) => void (bytes[offsetOf(bytes, 'line 7:') + 5]! ^= 1)

interface Bit {
  at: number
  bit: number
}

/** Expects nothing wrong from a log, whichever of these bits is wrong in addition. */
function expectNothingWrongWith(
  bits: readonly Bit[],
  {file, sessionId, written}: {file: string; sessionId: string; written: readonly SessionEvent[]},
) {
  const damaged = readFileSync(file)
  const left = Object.keys(folder.contents())
  for (const {at, bit} of bits) {
    const bytes = Buffer.from(damaged)
    bytes[at]! ^= 1 << bit
    writeFileSync(file, bytes)
    try {
      expectNothingWrong(file, sessionId, written)
    } catch (error) {
      throw new Error(`Expected nothing wrong with bit ${bit} of byte ${at}`, {cause: error})
    }
    for (const name of Object.keys(folder.contents())) if (!left.includes(name)) rmSync(`${folder.path}/${name}`)
  }
}

describe('a log is never taken for one without checksums', () => {
  test('by a wrong bit in the name of the column with the checksums', () => {
    const {file, sessionId, written} = writeStory()
    change(file, (bytes) => {
      flipText(bytes)
      replaceAll(bytes, 'checksum INTEGER', 'chfcksum INTEGER')
    })
    expect(expectNothingWrong(file, sessionId, written).lost).toEqual([11])
  })

  test('by a wrong bit in the format and one in the name of the column with the checksum of the schema', () => {
    const {file, sessionId, written} = writeStory()
    change(file, (bytes) => {
      flipText(bytes)
      bytes.writeUInt32BE(4, formatOffset)
      replaceAll(bytes, 'schema_checksum', 'schema_chfcksum')
    })
    expect(expectNothingWrong(file, sessionId, written).lost).toEqual([11])
  })

  const flip = (format: number) => {
    const log = writeStory()
    change(log.file, (bytes) => {
      flipText(bytes)
      bytes.writeUInt32BE(format, formatOffset)
    })
    const page = readFileSync(log.file).subarray(0, pageSize)
    // One bit of each byte in the header, and of every eighth one in the schema: a flip costs 20 ms.
    const bytes = [...page.keys()].filter((at) => at < headerSize || (page[at] !== 0 && at % 8 === 0))
    expectNothingWrongWith(
      bytes.map((at) => ({at, bit: (at + (at >> 3)) % 8})),
      log,
    )
  }
  test.each([logFormat, 4])('by a wrong bit in the header or the schema, in format %i', flip, manyFlipsMs)

  test('by an old first page, as a disk leaves it that loses a write', () => {
    const {file, sessionId, written} = writeStory()
    makeOlder(file, 4)
    const page = readFileSync(file).subarray(0, pageSize)
    openSqliteLog({file, sessionId}).close()
    change(file, (bytes) => {
      page.copy(bytes)
      flipText(bytes)
    })
    const {log, repaired} = openOrRepairLog({file, sessionId})
    expect(repaired).toMatchObject({lost: 1})
    expect(log.read({limit: written.length})).toEqual(
      written.with(10, {type: 'event.lost', session_id: sessionId, seq: 11, at: 7, payload: {}}),
    )
    log.close()
  })
})

const flipInPages = () => {
  const log = writeStory()
  const bytes = readFileSync(log.file)
  const bits = ['session', 'prompt_events', 'writer'].flatMap((table) => {
    const page = (rootOf(log.file, table) - 1) * pageSize
    const row = page + bytes.readUInt16BE(page + 8)
    return [page, row].flatMap((start) =>
      Array.from({length: 8 * 8}, (_, index) => ({at: start + (index >> 3), bit: index % 8})),
    )
  })
  expectNothingWrongWith(bits, log)
}
test(
  'a wrong bit in a page of the state, the index or the writer, or in a row there: the host starts',
  flipInPages,
  manyFlipsMs,
)

test('a log whose application id and format are zeros is damaged, not empty', () => {
  const {file, sessionId, written} = writeStory()
  change(file, (bytes) => bytes.fill(0, formatOffset, applicationIdOffset + 4))
  const {repaired, lost} = expectNothingWrong(file, sessionId, written)
  expect({repaired, lost}).toMatchObject({repaired: {kept: written.length, lost: 0}, lost: []})
})

test.each([
  ['a wrong bit in its schema', (bytes: Bytes) => replaceAll(bytes, 'prompt_id TEXT', 'qrompt_id TEXT')],
  ['a first page of zeros', (bytes: Bytes) => void bytes.fill(0, 0, pageSize)],
])('a log without checksums, with %s: the host starts with all events', (_, damage) => {
  const {file, sessionId, written} = writeStory()
  makeOlder(file, 4)
  change(file, damage)
  const {repaired, lost} = expectNothingWrong(file, sessionId, written)
  expect({repaired, lost}).toMatchObject({repaired: {kept: written.length, lost: 0}, lost: []})
})
