import {closeSync, constants, fstatSync, openSync, readSync, type Stats} from 'node:fs'
import {open, type FileHandle} from 'node:fs/promises'
import {setTimeout as delay} from 'node:timers/promises'

export interface ReadSmallFileOptions {
  /** A longer file is refused. */
  maxBytes: number
  /** How long a pipe may take to deliver its content, ms. @default a pipe is refused */
  maxPipeMs?: number
}

/** There is something else than a small file at a path, as the message says. */
export class UnexpectedFileError extends Error {}

const pollMs = 20

/**
 * Reads a small text file: a regular one, or a pipe where `maxPipeMs` is set. Throws an `UnexpectedFileError` for anything else,
 * for too long a file and for too slow a pipe, and otherwise the error of the system.
 */
export async function readSmallFile(
  path: string,
  {maxBytes, maxPipeMs}: ReadSmallFileOptions,
): Promise<{text: string; stats: Stats}> {
  const expected = maxPipeMs === undefined ? 'a regular file' : 'a regular file or a pipe'
  const file = await openNow(path, expected)
  try {
    const stats = await file.stat()
    if (!stats.isFile() && !(stats.isFIFO() && maxPipeMs !== undefined))
      throw new UnexpectedFileError(`expected ${expected}, got ${kindOf(stats)}`)
    const bytes = Buffer.alloc(maxBytes + 1)
    const length = await fill(bytes, file, stats.isFile() ? 0 : (maxPipeMs ?? 0))
    return {text: textOf(bytes, length, maxBytes), stats}
  } finally {
    await file.close()
  }
}

/** Reads a small regular text file at once. Throws as `readSmallFile` does. */
export function readRegularFile(path: string, maxBytes: number): string {
  const expected = 'a regular file'
  let file
  try {
    file = openSync(path, openFlags)
  } catch (error) {
    throw orUnexpected(error, expected)
  }
  try {
    const stats = fstatSync(file)
    if (!stats.isFile()) throw new UnexpectedFileError(`expected ${expected}, got ${kindOf(stats)}`)
    const bytes = Buffer.alloc(maxBytes + 1)
    let [length, bytesRead] = [0, 0]
    do length += bytesRead = readSync(file, bytes, length, bytes.length - length, null)
    while (bytesRead > 0)
    return textOf(bytes, length, maxBytes)
  } finally {
    closeSync(file)
  }
}

/** Without O_NONBLOCK, opening a named pipe would wait for its writer. */
const openFlags = constants.O_RDONLY | constants.O_NONBLOCK

async function openNow(path: string, expected: string): Promise<FileHandle> {
  try {
    return await open(path, openFlags)
  } catch (error) {
    throw orUnexpected(error, expected)
  }
}

function orUnexpected(error: unknown, expected: string): unknown {
  if ((error as NodeJS.ErrnoException).code !== 'ENXIO') return error
  return new UnexpectedFileError(`expected ${expected}, got a socket or a device`, {cause: error})
}

/** `bytes` has room for one more than allowed, which shows that the file is too long. */
function textOf(bytes: Buffer, length: number, maxBytes: number): string {
  if (length > maxBytes) throw new UnexpectedFileError(`expected at most ${maxBytes} bytes, got more`)
  return bytes.toString('utf8', 0, length)
}

/**
 * Returns how many bytes there were. A pipe seems to be at its end until a writer opens it, so only bytes and the end after them
 * count.
 */
async function fill(bytes: Buffer, file: FileHandle, maxPipeMs: number): Promise<number> {
  const start = performance.now()
  let length = 0
  while (length < bytes.length) {
    const bytesRead = await readNow(bytes, file, length)
    length += bytesRead ?? 0
    if (bytesRead !== undefined && bytesRead > 0) continue
    if (bytesRead === 0 && (length > 0 || maxPipeMs === 0)) break
    if (performance.now() - start > maxPipeMs)
      throw new UnexpectedFileError(`expected the content of the pipe and its end within ${maxPipeMs / 1000} s`)
    await delay(pollMs)
  }
  return length
}

/** `undefined` while a writer has the pipe open, and nothing is in it. */
async function readNow(bytes: Buffer, file: FileHandle, at: number): Promise<number | undefined> {
  try {
    return (await file.read(bytes, at)).bytesRead
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return undefined
    throw error
  }
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'a folder'
  if (stats.isFIFO()) return 'a named pipe'
  return 'a device'
}
