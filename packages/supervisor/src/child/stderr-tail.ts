import {closeSync, fstatSync, openSync, readSync} from 'node:fs'
import type {Readable} from 'node:stream'
import {StringDecoder} from 'node:string_decoder'

/** What a child said on stderr, as far as it is kept. */
export interface StderrTail {
  /** The last 4 KiB, in whole characters. */
  text(): string
  /** How many bytes there were in all. */
  bytes(): number
}

const TAIL_BYTES = 4096

/** Keeps the end of a stream, which is read to its end: a child that nobody listens to would stop when its pipe is full. */
export function tailOfStream(stream: Readable): StderrTail {
  let tail = Buffer.alloc(0)
  let bytes = 0
  stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    tail = Buffer.concat([tail, chunk.subarray(-TAIL_BYTES)]).subarray(-TAIL_BYTES)
  })
  return {text: () => wholeCharacters(tail, bytes > tail.length), bytes: () => bytes}
}

/** Reads the end of a file, as far as it was written after its first `from` bytes. A file that is gone was empty. */
export function tailOfFile(file: string, from: number): StderrTail {
  return {
    text() {
      const {size, tail} = readEnd(file, from)
      return wholeCharacters(tail, size > tail.length)
    },
    bytes: () => readEnd(file, from).size,
  }
}

export const noStderr: StderrTail = {text: () => '', bytes: () => 0}

/** The last lines of a tail, oldest first, empty ones left out. */
export function lastLines(text: string, count: number): string[] {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '')
  return lines.slice(-count)
}

function readEnd(file: string, from: number): {size: number; tail: Buffer} {
  let fd: number | undefined
  try {
    fd = openSync(file, 'r')
    const size = Math.max(0, fstatSync(fd).size - from)
    const tail = Buffer.alloc(Math.min(size, TAIL_BYTES))
    const read = readSync(fd, tail, 0, tail.length, from + size - tail.length)
    return {size, tail: tail.subarray(0, read)}
  } catch {
    return {size: 0, tail: Buffer.alloc(0)}
  } finally {
    if (fd !== undefined) closeSync(fd)
  }
}

/** A word of more characters is kept in part. */
const MAX_CUT_WORD = 256

/**
 * Leaves out the rest of a character that was cut at the start, and one that has not yet come whole at the end. A word
 * that was cut is left out, too: half a secret does not look like one.
 */
function wholeCharacters(bytes: Buffer, isCut: boolean): string {
  let start = 0
  while (isCut && start < 3 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start += 1
  const text = new StringDecoder('utf8').write(bytes.subarray(start))
  const blank = isCut ? text.search(/\s/) : -1
  return blank < 0 || blank > MAX_CUT_WORD ? text : text.slice(blank)
}
