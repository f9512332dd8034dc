import {closeSync, constants, fstatSync, openSync, readSync} from 'node:fs'

import type {Breadcrumb} from './breadcrumb.ts'
import {decodeBreadcrumb} from './encode-breadcrumb.ts'

export interface CrashLog {
  /** Oldest first, as they stand in the files. */
  breadcrumbs: Breadcrumb[]
  /** Lines that are not breadcrumbs, such as one that was only half written when its process or the disk gave out. */
  skippedLines: number
}

/** Bytes that are read of each of the two files. */
const maxBytes = 2 * 1_048_576

/**
 * Reads a crash log, `<file>.1` before `<file>`: the last 2 MiB of each. A file that is missing or cannot be read counts
 * as empty.
 */
export function readCrashLog(file: string): CrashLog {
  const lines = [`${file}.1`, file].flatMap(readLines)
  const breadcrumbs = lines.map(decodeBreadcrumb).filter((breadcrumb) => breadcrumb !== undefined)
  return {breadcrumbs, skippedLines: lines.length - breadcrumbs.length}
}

/** Half a line has no line break, so the next writer's line follows it: split there, too. */
const lineStart = /\n|(?=\{"time":)/

function readLines(file: string): string[] {
  let fd: number | undefined
  try {
    // Without O_NONBLOCK, opening a named pipe would block.
    fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK)
    const {size} = fstatSync(fd)
    const bytes = Buffer.alloc(Math.min(size, maxBytes))
    const length = readSync(fd, bytes, 0, bytes.length, size - bytes.length)
    const text = bytes.toString('utf8', 0, length)
    // What was read of a large file may begin within a line.
    return text
      .slice(size > maxBytes ? text.indexOf('\n') + 1 : 0)
      .split(lineStart)
      .filter(Boolean)
  } catch {
    return []
  } finally {
    if (fd !== undefined) closeSync(fd)
  }
}
