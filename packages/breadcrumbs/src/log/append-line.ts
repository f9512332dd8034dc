import {closeSync, constants, fchmodSync, fstatSync, mkdirSync, openSync, writeSync} from 'node:fs'
import {dirname} from 'node:path'

import {rotateFile} from './rotate-file.ts'

// Without O_NONBLOCK the opening of a named pipe that nobody reads would wait for ever.
const FLAGS = constants.O_APPEND | constants.O_CREAT | constants.O_WRONLY | constants.O_NONBLOCK

/**
 * Appends one line in one write, so that the lines of many processes do not mix. A file that would become larger than
 * `maxBytes` is moved to `<file>.1` first. Throws what the file system throws.
 */
export function appendLine(file: string, line: string, maxBytes: number): void {
  const bytes = Buffer.from(`${line}\n`)
  if (appendBytes(file, bytes, maxBytes)) return
  rotateFile(file, maxBytes - bytes.length)
  appendBytes(file, bytes, Infinity)
}

/** False, with nothing written, when the file would become larger than `maxBytes`. An empty file takes a line of any length. */
function appendBytes(file: string, bytes: Buffer, maxBytes: number): boolean {
  // Opened anew for each line: another process may have moved the file, and these lines are rare.
  const fd = openInFolder(file)
  try {
    const {size, mode} = fstatSync(fd)
    if (size > 0 && size + bytes.length > maxBytes) return false
    if (mode & 0o077) fchmodSync(fd, 0o600)
    writeSync(fd, bytes)
    return true
  } finally {
    closeSync(fd)
  }
}

function openInFolder(file: string): number {
  try {
    return openSync(file, FLAGS, 0o600)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    mkdirSync(dirname(file), {recursive: true, mode: 0o700})
    return openSync(file, FLAGS, 0o600)
  }
}
