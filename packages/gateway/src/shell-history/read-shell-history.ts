import {constants, type BigIntStats} from 'node:fs'
import {open, type FileHandle} from 'node:fs/promises'
import {isAbsolute} from 'node:path'

import {historyParsers, type ShellCommand} from './parse-history.ts'

/** A file of `session.history-file`. */
export interface HistoryFile {
  format?: string | undefined
  path?: string | undefined
}

/** A command and its place in the order of all prompts: later ones have a greater place. */
export interface PlacedCommand extends ShellCommand {
  place: number
}

/** Bounds: bytes at the end of a file that are read, and UTF-16 units of one command. */
const maxBytes = 4 * 1024 * 1024
const maxTextLength = 65_536
/** Bytes that show how a file begins. */
const startBytes = 32

/** How long the commands of a file are kept for the next page, ms. */
const keptMs = 60_000
/** Two writes within this time, in ms, may have one mtime. */
const timestampGrainMs = 20
/** The last file that was read: a user looks through one history, page by page. For all clients of this process, a bound. */
let kept: KeptFile | undefined
let forgetting: NodeJS.Timeout | undefined

/**
 * Reads the commands in the history file of a shell, the newest first; parses it only where it has changed. The place of a command
 * with a time is about that time in epoch ms; those without one have negative places. A file that is missing, cannot be read or is
 * no regular file has none.
 */
export async function readShellHistory({format = '', path = ''}: HistoryFile): Promise<readonly PlacedCommand[]> {
  const parse = Object.hasOwn(historyParsers, format) ? historyParsers[format] : undefined
  if (parse === undefined || !isAbsolute(path)) return []
  const read = async (file: FileHandle, stats: BigIntStats) => {
    const {dev, ino, size, mtimeNs, ctimeNs} = stats
    const version = JSON.stringify([format, path, ...[dev, ino, size, mtimeNs, ctimeNs].map(String)])
    if (kept?.version === version) return keep(kept)
    // One of the two is enough: a file has up to 4 MiB, and its commands have several times as much.
    kept = undefined
    // A file that has just been written may change once more without another size or mtime.
    const isSettled = Date.now() - Number(mtimeNs / 1_000_000n) > timestampGrainMs
    const commands = placeCommands(parse(await readEnd(file, Number(size))).filter(isUsable))
    return isSettled ? keep({version, commands}) : commands
  }
  return await withFile(path, read).catch(() => [])
}

interface KeptFile {
  version: string
  commands: readonly PlacedCommand[]
}

/** Keeps a file for the next page, and returns its commands. */
function keep(file: KeptFile): readonly PlacedCommand[] {
  kept = file
  clearTimeout(forgetting)
  forgetting = setTimeout(() => (kept = undefined), keptMs).unref()
  return file.commands
}

/** Whether the history can offer a command: one with broken bytes, without text or beyond `maxTextLength` is left out. */
function isUsable({text, at}: ShellCommand): boolean {
  const isText = !text.includes('\ufffd') && !text.includes('\0') && text.trim() !== ''
  return isText && text.length <= maxTextLength && (at === undefined || Number.isSafeInteger(at))
}

/** Places of their own for all commands, although shells count in seconds or not at all. */
function placeCommands(oldestFirst: readonly ShellCommand[]): PlacedCommand[] {
  const newestFirst = oldestFirst.toReversed()
  const timed = newestFirst
    .filter(({at}) => at !== undefined)
    .sort((first, second) => (second.at ?? 0) - (first.at ?? 0))
  let before = Infinity
  const placed = timed.map((command) => {
    before = Math.min(command.at ?? 0, before - 0.01)
    return {...command, place: before}
  })
  const timeless = newestFirst.filter(({at}) => at === undefined)
  return [...placed, ...timeless.map((command, index) => ({...command, place: -1 - index}))]
}

/** Calls `read` with a regular file. */
async function withFile(
  path: string,
  read: (file: FileHandle, stats: BigIntStats) => Promise<readonly PlacedCommand[]>,
): Promise<readonly PlacedCommand[]> {
  // Without O_NONBLOCK, opening a named pipe would wait for its writer.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const stats = await file.stat({bigint: true})
    return stats.isFile() ? await read(file, stats) : []
  } finally {
    await file.close()
  }
}

async function readEnd(file: FileHandle, size: number): Promise<{bytes: Buffer; start: Buffer; isWhole: boolean}> {
  const from = Math.max(0, size - maxBytes)
  const bytes = await readAt(file, from, Math.min(size, maxBytes))
  return {bytes, start: from === 0 ? bytes : await readAt(file, 0, startBytes), isWhole: from === 0}
}

async function readAt(file: FileHandle, from: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length)
  let read = 0
  while (read < length) {
    const {bytesRead} = await file.read(bytes, read, length - read, from + read)
    if (bytesRead === 0) break
    read += bytesRead
  }
  return bytes.subarray(0, read)
}
