import {closeSync, existsSync, fstatSync, openSync, readSync} from 'node:fs'

/** The size of the pages of a log, the default of SQLite. */
export const pageSize = 4096

/** https://www.sqlite.org/fileformat2.html#the_write_ahead_log */
const [walHeaderSize, frameHeaderSize] = [32, 24]

/** Offsets of the salts: in the header of the WAL, and in the header of a frame. */
const [saltsOffset, frameSaltsOffset] = [16, 8]

/** The images of the pages of a log: those that were committed to its WAL, and those in its file. Neither the file nor the WAL has to be whole. */
export interface PageImages extends Disposable {
  /** Every image of every page, those of the file first. */
  all(): Iterable<{number: number; image: Buffer}>
  /** The images of one page, the newest first. */
  of(number: number): Iterable<Buffer>
  /** How many pages there are at most. */
  readonly count: number
}

/** Reads images of pages without SQLite, and without regard to the checksums of the WAL. */
export function openPageImages(file: string): PageImages {
  const main = openSync(file, 'r')
  const wal = existsSync(`${file}-wal`) ? openSync(`${file}-wal`, 'r') : undefined
  const pages = Math.ceil(fstatSync(main).size / pageSize)
  const frameSize = frameHeaderSize + pageSize
  const frames = wal === undefined ? 0 : Math.ceil(Math.max(0, fstatSync(wal).size - walHeaderSize) / frameSize)
  const readPage = (number: number) => read(main, (number - 1) * pageSize)
  const readFrame = (index: number) => read(wal!, walHeaderSize + index * frameSize + frameHeaderSize)

  /** The frames of each page, in the order of the WAL. */
  const framesOf = new Map<number, number[]>()
  const add = ({number, index}: {number: number; index: number}) => {
    const known = framesOf.get(number)
    if (known === undefined) framesOf.set(number, [index])
    else known.push(index)
  }
  // The last frame of a transaction says that it is. Current frames without such an end were never committed.
  const open: {number: number; index: number}[] = []
  const salts = frames === 0 ? [] : saltsOf(read(wal!, 0, walHeaderSize), saltsOffset)
  for (let index = 0; index < frames; index++) {
    const header = read(wal!, walHeaderSize + index * frameSize, frameHeaderSize)
    const frame = {number: header.readUInt32BE(0), index}
    // A frame from before the WAL was last reset has two other salts; so may a damaged one.
    const isCurrent = saltsOf(header, frameSaltsOffset).some((salt, at) => salt === salts[at])
    if (isCurrent) open.push(frame)
    else add(frame)
    if (isCurrent && header.readUInt32BE(4) > 0) open.splice(0).forEach(add)
  }

  return {
    count: pages + frames,
    *all() {
      for (let number = 1; number <= pages; number++) yield {number, image: readPage(number)}
      for (const [number, indexes] of framesOf) for (const index of indexes) yield {number, image: readFrame(index)}
    },
    *of(number) {
      for (const index of (framesOf.get(number) ?? []).toReversed()) yield readFrame(index)
      if (number >= 1 && number <= pages) yield readPage(number)
    },
    [Symbol.dispose]() {
      for (const descriptor of [main, wal]) if (descriptor !== undefined) closeSync(descriptor)
    },
  }
}

function saltsOf(header: Buffer, offset: number): number[] {
  return [header.readUInt32BE(offset), header.readUInt32BE(offset + 4)]
}

/** Reads a piece of a file; what is beyond its end is zero. */
function read(descriptor: number, position: number, size = pageSize): Buffer {
  const buffer = Buffer.alloc(size)
  readSync(descriptor, buffer, 0, size, position)
  return buffer
}
