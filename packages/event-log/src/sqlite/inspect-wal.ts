import {closeSync, openSync, readSync, statSync} from 'node:fs'

import {hasWal} from './read-alone.ts'

/** https://www.sqlite.org/fileformat2.html#the_write_ahead_log */
const [headerSize, frameHeaderSize] = [32, 24]
const [bigEndianMagic, littleEndianMagic] = [0x377f0683, 0x377f0682]

/** How much of a WAL to read at once. */
const chunkBytes = 1024 * 1024

/**
 * Whether the WAL of a log is damaged before its end. SQLite uses the frames before the first wrong checksum and ignores the
 * rest without an error, and so all of them if the header is wrong, or the log itself is empty.
 *
 * The shared memory of the last user shows how many frames were committed. Without it, frames after a wrong one count if they
 * end a transaction, and have the salts of the header: others are left from before the WAL was last reset.
 */
export function hasBrokenWal(file: string): boolean {
  if (hasWal(file) && statSync(file).size === 0) return true
  // A writer may write meanwhile, so only what is found twice is damage.
  const found = findBreak(file)
  return found !== undefined && findBreak(file) === found
}

/** Describes the place and the content of the damage. */
function findBreak(file: string): string | undefined {
  const index = readIndex(`${file}-shm`)
  const descriptor = hasWal(file) ? openIfThere(`${file}-wal`) : undefined
  if (descriptor === undefined) return index?.isInFile === false ? 'missing' : undefined
  try {
    return findBreakIn((buffer, position) => readSync(descriptor, buffer, 0, buffer.length, position), index)
  } finally {
    closeSync(descriptor)
  }
}

/** The last user of a log removes the files beside it when it closes the log, perhaps at this moment. */
function openIfThere(file: string): number | undefined {
  try {
    return openSync(file, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

type WalIndex = ReturnType<typeof readIndex>

/**
 * What the last user of the WAL found in it, from the header of its shared memory: the salts, the number of committed frames, and
 * whether the file of the log has the content of all of them. https://www.sqlite.org/walformat.html#the_wal_index_header
 */
function readIndex(file: string) {
  const descriptor = openIfThere(file)
  if (descriptor === undefined) return undefined
  const header = Buffer.alloc(100)
  try {
    if (readSync(descriptor, header, 0, header.length, 0) < header.length) return undefined
  } finally {
    closeSync(descriptor)
  }
  const words = new Uint32Array(header.buffer, header.byteOffset, header.length / 4)
  const [frames, checkpointed] = [words[4]!, words[24]!]
  const sums = createSums(isLittleEndianMachine)
  sums.add(header, 0, 40)
  if (!sums.are(words[10]!, words[11]!)) return undefined
  return {salts: header.subarray(32, 40), frames, isInFile: checkpointed >= frames}
}

function findBreakIn(read: (buffer: Buffer, position: number) => number, index: WalIndex): string | undefined {
  const header = Buffer.alloc(headerSize)
  const size = read(header, 0)
  if (size === 0) return undefined
  // SQLite writes the header at once, before the first frame.
  if (size < headerSize || !isHeaderWhole(header)) return `header ${header.toString('hex')}`
  const sums = sumsFor(header)
  const salts = header.subarray(16, 24)
  const committed = index?.salts.equals(salts) === true ? index : undefined
  const frameSize = frameHeaderSize + header.readUInt32BE(8)
  const frames = Buffer.alloc(Math.max(1, Math.floor(chunkBytes / frameSize)) * frameSize)
  /** Frames before the first broken one. */
  let good = 0
  let broken: string | undefined
  for (let position = headerSize; ; position += frames.length) {
    const bytes = read(frames, position)
    for (let at = 0; at + frameSize <= bytes; at += frameSize) {
      const frame = frames.subarray(at, at + frameSize)
      const isCurrent = frame.subarray(8, 16).equals(salts)
      if (broken === undefined) {
        sums.add(frame, 0, 8)
        sums.add(frame, frameHeaderSize, frameSize)
        if (isCurrent && sums.are(frame.readUInt32BE(16), frame.readUInt32BE(20))) {
          good += 1
          continue
        }
        broken = `frame at ${position + at}: ${frame.toString('base64')}`
      } else if (committed === undefined && isCurrent && frame.readUInt32BE(4) > 0) return broken
    }
    if (bytes < frames.length) break
  }
  return committed?.isInFile === false && committed.frames > good ? `end after ${good} frames` : undefined
}

function isHeaderWhole(header: Buffer): boolean {
  const magic = header.readUInt32BE(0)
  if (magic !== bigEndianMagic && magic !== littleEndianMagic) return false
  const pageSize = header.readUInt32BE(8)
  const isWhole = sumsFor(header).are(header.readUInt32BE(24), header.readUInt32BE(28))
  return isWhole && pageSize >= 512 && pageSize <= 65_536
}

/** The checksums over the frames of a WAL, which begin with those of its header. */
function sumsFor(header: Buffer) {
  const sums = createSums(header.readUInt32BE(0) === littleEndianMagic)
  sums.add(header, 0, 24)
  return sums
}

const isLittleEndianMachine = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

/** https://www.sqlite.org/fileformat2.html#checksum_algorithm */
function createSums(isLittleEndian: boolean) {
  let [first, second] = [0, 0]
  return {
    /** The data begins at a multiple of 4 bytes in memory. */
    add(data: Buffer, from: number, to: number) {
      const part = isLittleEndian === isLittleEndianMachine ? data : Buffer.from(data).swap32()
      const words = new Int32Array(part.buffer, part.byteOffset, part.length / 4)
      for (let at = from / 4; at < to / 4; at += 2) {
        first = (first + second + words[at]!) | 0
        second = (second + first + words[at + 1]!) | 0
      }
    },
    are: (one: number, other: number) => (one | 0) === first && (other | 0) === second,
  }
}
