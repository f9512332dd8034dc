import {existsSync, lstatSync, type Stats} from 'node:fs'

import {EventLogError} from '../event-log.ts'

/** The files of a log: SQLite opens the others beside the first. */
const suffixes = ['', '-wal', '-shm', '-journal'] as const

/**
 * Throws `not-a-file` if something other than a file stands in the place of a log or of a file beside it: SQLite would wait for
 * ever for the other end of a FIFO. A symbolic link counts, too: a repair would replace the link, not the log.
 */
export function requirePlainFiles(file: string): void {
  for (const suffix of suffixes) {
    const kind = oddKindOf(file + suffix)
    if (kind === undefined) continue
    throw new EventLogError(
      'not-a-file',
      `Expected a file at ${file}${suffix}, found ${kind}: move it away, so that the session can be read`,
    )
  }
}

/** A whole log that a repair or a host wrote, until it takes the place of the log. */
export function repairedFile(file: string): string {
  return `${file}.repaired`
}

/** Whether a session has a log, be it one that a kill kept from taking its place. */
export function hasLog(file: string): boolean {
  return existsSync(file) || isFile(repairedFile(file))
}

/** Whether there is a file at a path, and nothing else. */
export function isFile(path: string): boolean {
  return lstatSync(path, {throwIfNoEntry: false})?.isFile() === true
}

/** What stands at a path, in words; `undefined` for a file and for nothing. */
export function oddKindOf(path: string): string | undefined {
  const stats = lstatSync(path, {throwIfNoEntry: false})
  return stats === undefined || stats.isFile() ? undefined : kindOf(stats)
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'a folder'
  if (stats.isSymbolicLink()) return 'a symbolic link'
  if (stats.isFIFO()) return 'a FIFO'
  if (stats.isSocket()) return 'a socket'
  return 'a device'
}
