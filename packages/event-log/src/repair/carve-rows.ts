import {maxMessageBytes} from '@holdfast/protocol'

import {pageSize, type PageImages} from './page-images.ts'

/** A row of a table, as it stands in a page. */
export interface CarvedRow {
  rowid: number
  values: readonly (string | number | null)[]
}

/** Bytes of a row in its page, where the rest is in overflow pages: https://www.sqlite.org/fileformat2.html#b_tree_pages */
const maxLocal = pageSize - 35
const minLocal = Math.floor(((pageSize - 12) * 32) / 255) - 23

/** The database header stands before the content of page 1. */
const databaseHeaderSize = 100
const leafHeaderSize = 8

/**
 * Yields what may be a row, from every page of a log, however the pages are linked: for a log whose B-trees or WAL are damaged.
 * The caller verifies the checksums of rows; one row may come several times, with different content.
 */
export function* carveRows(images: PageImages): Generator<CarvedRow> {
  for (const {number, image} of images.all()) {
    const firstPointer = (number === 1 ? databaseHeaderSize : 0) + leafHeaderSize
    // The pointers end where the first row begins. Their count, in the header of the page, may be damaged.
    let firstRow = pageSize
    for (let at = firstPointer; at + 2 <= firstRow; at += 2) {
      const start = image.readUInt16BE(at)
      if (start < firstPointer || start >= pageSize) continue
      for (const row of readCell(images, image, start)) {
        firstRow = Math.min(firstRow, start)
        yield row
      }
    }
  }
}

function* readCell(images: PageImages, image: Buffer, start: number): Generator<CarvedRow> {
  const size = readVarint(image, start)
  const rowid = size && readVarint(image, size.end)
  if (size === undefined || rowid === undefined) return
  const local = image.subarray(rowid.end, rowid.end + localSize(size.value))
  // Every event and every state has gone to a client in one message.
  if (size.value > Math.min(images.count * pageSize, maxMessageBytes) || local.length < localSize(size.value)) return
  if (local.length === size.value) {
    yield* readRecord(rowid.value, local)
    return
  }
  const next = rowid.end + local.length
  if (next + 4 > pageSize) return
  // Of an overflow page that is both in the file and in the WAL, either image may be damaged.
  for (const from of ['newest', 'oldest'] as const) {
    const rest = readOverflow(images, image.readUInt32BE(next), size.value - local.length, from)
    if (rest !== undefined) yield* readRecord(rowid.value, Buffer.concat([local, ...rest]))
  }
}

function localSize(size: number): number {
  if (size <= maxLocal) return size
  const wanted = minLocal + ((size - minLocal) % (pageSize - 4))
  return wanted <= maxLocal ? wanted : minLocal
}

function readOverflow(
  images: PageImages,
  first: number,
  size: number,
  from: 'newest' | 'oldest',
): Buffer[] | undefined {
  const parts: Buffer[] = []
  const visited = new Set<number>()
  for (let left = size, next = first; left > 0;) {
    if (visited.has(next)) return undefined
    visited.add(next)
    const candidates = [...images.of(next)]
    const image = candidates.at(from === 'newest' ? 0 : -1)
    if (image === undefined) return undefined
    parts.push(image.subarray(4, 4 + Math.min(left, pageSize - 4)))
    left -= pageSize - 4
    next = image.readUInt32BE(0)
  }
  return parts
}

/** https://www.sqlite.org/fileformat2.html#record_format */
function* readRecord(rowid: number, record: Buffer): Generator<CarvedRow> {
  const header = readVarint(record, 0)
  if (header === undefined || header.value > record.length) return
  const values: (string | number | null)[] = []
  let body = header.value
  for (let at = header.end; at < header.value;) {
    const type = readVarint(record, at)
    if (type === undefined) return
    at = type.end
    const read = readValue(record, body, type.value)
    if (read === undefined) return
    values.push(read.value)
    body = read.end
  }
  yield {rowid, values}
}

/** The sizes of the integers of serial types 1 to 6. */
const integerSizes = [0, 1, 2, 3, 4, 6, 8]

function readValue(record: Buffer, at: number, type: number) {
  if (type === 0) return {value: null, end: at}
  if (type === 8 || type === 9) return {value: type - 8, end: at}
  const isText = type >= 13 && type % 2 === 1
  const size = isText ? (type - 13) / 2 : integerSizes[type]
  if (size === undefined || at + size > record.length) return undefined
  const end = at + size
  if (isText) return {value: record.toString('utf8', at, end), end}
  return {value: size === 8 ? Number(record.readBigInt64BE(at)) : record.readIntBE(at, size), end}
}

/** https://www.sqlite.org/fileformat2.html#varint. Returns `undefined` beyond the end, and for integers that no log contains. */
function readVarint(buffer: Buffer, at: number): {value: number; end: number} | undefined {
  let value = 0
  for (let end = at; end < Math.min(buffer.length, at + 7);) {
    const byte = buffer[end++]!
    value = value * 128 + (byte & 127)
    if (byte < 128) return {value, end}
  }
  return undefined
}
