import {closeSync, constants, fchmodSync, fstatSync, mkdirSync, openSync, writeSync} from 'node:fs'
import {dirname} from 'node:path'

import {rotateFile} from './rotate-file.ts'

// Without O_NONBLOCK, opening a named pipe without a reader would block.
const FLAGS = constants.O_APPEND | constants.O_CREAT | constants.O_WRONLY | constants.O_NONBLOCK

/**
 * Appends a line in one write, so that the lines of several processes do not mix. Moves a file that would become larger
 * than `maxBytes` to `<file>.1` first. Throws the errors of the file system.
 */
export function appendLine(file: string, line: string, maxBytes: number): void {
  const bytes = Buffer.from(`${line}\n`)
  if (appendBytes(file, bytes, maxBytes)) return
  rotateFile(file, maxBytes - bytes.length)
  appendBytes(file, bytes, Infinity)
}

/** Returns false and writes nothing if the file would become larger than `maxBytes`. Any line fits into an empty file. */
function appendBytes(file: string, bytes: Buffer, maxBytes: number): boolean {
  // Opened for each line: another process may have moved the file, and the lines are rare.
  const fd = openFile(file)
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

function openFile(file: string): number {
  try {
    return openSync(file, FLAGS, 0o600)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    mkdirSync(dirname(file), {recursive: true, mode: 0o700})
    return openSync(file, FLAGS, 0o600)
  }
}
