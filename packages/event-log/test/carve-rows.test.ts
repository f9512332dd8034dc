import {closeSync, openSync, readFileSync, truncateSync, writeFileSync, writeSync} from 'node:fs'

import {expect, test} from 'vitest'

import {carveRows} from '../src/repair/carve-rows.ts'
import {openPageImages, pageSize} from '../src/repair/page-images.ts'
import {createLogFolder, delta, info, queued, start} from './fixtures/log-folder.ts'

const text = 'x'.repeat(100_000)

/** Whether the carved rows have one with the whole text. */
function findsText(file: string): boolean {
  using images = openPageImages(file)
  return [...carveRows(images)].some(({values}) => String(values[4]).includes('xxxx'))
}

test('a row whose overflow pages form a circle is no row', () => {
  using folder = createLogFolder()
  const {file} = folder.writeLog([info, queued('a'), start('a'), delta('a', text)])
  expect(findsText(file)).toBe(true)
  const bytes = readFileSync(file)
  // The first bytes of an overflow page are the number of the next one.
  const isOverflow = (page: number) =>
    bytes.subarray((page - 1) * pageSize + 4, page * pageSize).every((byte) => byte === 120)
  const page = Array.from({length: bytes.length / pageSize}, (_, index) => index + 1).find(isOverflow)!
  bytes.writeUInt32BE(page, (page - 1) * pageSize)
  writeFileSync(file, bytes)
  expect(findsText(file)).toBe(false)
})

test('a WAL with 150,000 images of one page is read in one pass', () => {
  using folder = createLogFolder()
  const {file} = folder.writeLog([info])
  const frames = 150_000
  writeFileSync(`${file}-wal`, '')
  truncateSync(`${file}-wal`, 32 + frames * (24 + pageSize))
  // The last frame ends the transaction.
  const wal = openSync(`${file}-wal`, 'r+')
  writeSync(wal, Buffer.of(0, 0, 0, 1), 0, 4, 32 + (frames - 1) * (24 + pageSize) + 4)
  closeSync(wal)
  using images = openPageImages(file)
  expect(images.count).toBeGreaterThan(frames)
})
