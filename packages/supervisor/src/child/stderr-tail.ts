import {closeSync, constants, fstatSync, openSync, readSync} from 'node:fs'
import type {Readable} from 'node:stream'

import {createStderrTail, type StderrTail} from '@holdfast/breadcrumbs'

/** The end of a child's stderr. */
export interface ChildStderr extends Pick<StderrTail, 'text' | 'errorLines'> {
  /** The size of the whole stderr. */
  bytes(): number
}

/** Reads a stream to its end and keeps its tail: a child stops when its pipe is full. */
export function tailOfStream(stream: Readable): ChildStderr {
  const tail = createStderrTail()
  let bytes = 0
  stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    tail.push(chunk)
  })
  return {...tail, bytes: () => bytes}
}

/** The tail of a file without its first `from` bytes. A missing file counts as empty. */
export function tailOfFile(file: string, from: number): ChildStderr {
  const read = () => readEnd(file, from)
  return {text: () => read().tail.text(), errorLines: () => read().tail.errorLines(), bytes: () => read().size}
}

export const noStderr: ChildStderr = {text: () => '', errorLines: () => [], bytes: () => 0}

/** How much of a file is read. Of what stands before, no secret reaches the tail: none is that long. */
const maxReadBytes = 256 * 1024

function readEnd(file: string, from: number): {size: number; tail: StderrTail} {
  const tail = createStderrTail()
  let fd: number | undefined
  try {
    // Without O_NONBLOCK, opening a named pipe would wait for its writer.
    fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK)
    const size = Math.max(0, fstatSync(fd).size - from)
    const end = Buffer.alloc(Math.min(size, maxReadBytes))
    const read = end.subarray(0, readSync(fd, end, 0, end.length, from + size - end.length))
    // A line that is cut may begin with half a secret.
    tail.push(size > end.length ? read.subarray(read.indexOf('\n') + 1 || read.length) : read)
    return {size, tail}
  } catch {
    return {size: 0, tail}
  } finally {
    if (fd !== undefined) closeSync(fd)
  }
}
