import {closeSync, fstatSync, openSync, readSync} from 'node:fs'

/** Bytes that are read of each of the two files. */
const MAX_BYTES = 2 * 1_048_576

/**
 * The lines of a crash log, oldest first, also those that were moved to `<file>.1`: the last 2 MiB of each. A file that is
 * missing, or may not be read, has none.
 */
export function readCrashLog(file: string): string[] {
  return [`${file}.1`, file].flatMap(readLines)
}

function readLines(file: string): string[] {
  let fd: number | undefined
  try {
    fd = openSync(file, 'r')
    const {size} = fstatSync(fd)
    const bytes = Buffer.alloc(Math.min(size, MAX_BYTES))
    const read = readSync(fd, bytes, 0, bytes.length, size - bytes.length)
    const lines = bytes.toString('utf8', 0, read).split('\n')
    // The last is what follows the last line break, the first may be half a line.
    return lines.slice(size > MAX_BYTES ? 1 : 0, -1)
  } catch {
    return []
  } finally {
    if (fd !== undefined) closeSync(fd)
  }
}
