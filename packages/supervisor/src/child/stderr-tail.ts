import {closeSync, fstatSync, openSync, readSync} from 'node:fs'
import type {Readable} from 'node:stream'
import {StringDecoder} from 'node:string_decoder'

/** The end of a child's stderr. */
export interface StderrTail {
  /** The last 4 KiB, in whole characters. */
  text(): string
  /** The size of the whole stderr. */
  bytes(): number
}

const maxTailBytes = 4096

/** Reads a stream to its end and keeps its tail: a child stops when its pipe is full. */
export function tailOfStream(stream: Readable): StderrTail {
  let tail = Buffer.alloc(0)
  let bytes = 0
  stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    tail = Buffer.concat([tail, chunk.subarray(-maxTailBytes)]).subarray(-maxTailBytes)
  })
  return {text: () => wholeCharacters(tail, bytes > tail.length), bytes: () => bytes}
}

/** The tail of a file without its first `from` bytes. A missing file counts as empty. */
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

/** The last lines, oldest first, without empty ones. */
export function lastLines(text: string, count: number): string[] {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '')
  return lines.slice(-count)
}

function readEnd(file: string, from: number): {size: number; tail: Buffer} {
  let fd: number | undefined
  try {
    fd = openSync(file, 'r')
    const size = Math.max(0, fstatSync(fd).size - from)
    const tail = Buffer.alloc(Math.min(size, maxTailBytes))
    const read = readSync(fd, tail, 0, tail.length, from + size - tail.length)
    return {size, tail: tail.subarray(0, read)}
  } catch {
    return {size: 0, tail: Buffer.alloc(0)}
  } finally {
    if (fd !== undefined) closeSync(fd)
  }
}

/** A longer word is kept in part. */
const maxCutWordLength = 256

/**
 * Decodes UTF-8 without the character that was cut at the start, or is not complete yet at the end. A word that was cut is
 * left out, too: half a secret would not be recognized as one.
 */
function wholeCharacters(bytes: Buffer, isCut: boolean): string {
  let start = 0
  while (isCut && start < 3 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start += 1
  const text = new StringDecoder('utf8').write(bytes.subarray(start))
  const blank = isCut ? text.search(/\s/) : -1
  return blank < 0 || blank > maxCutWordLength ? text : text.slice(blank)
}
