import {lstatSync, readdirSync, rmSync} from 'node:fs'
import {basename, dirname, join} from 'node:path'

import {EventLogError} from '../event-log.ts'
import {repairedFile} from '../sqlite/plain-files.ts'

/**
 * Removes a log, the copies kept of it, and SQLite's files beside it. First it removes the files by which the session is
 * listed, so a removal that is cut short leaves no session behind. The caller holds the session's lease. Throws an `EventLogError` `not-a-file`, and
 * removes nothing, if one of them is a folder.
 */
export function deleteLog(file: string): void {
  const folder = dirname(file)
  const beside = readdirSync(folder)
    .filter((name) => name.startsWith(`${basename(file)}-`) || name.startsWith(`${basename(file)}.`))
    .map((name) => join(folder, name))
  for (const path of [file, ...beside]) requireNoFolder(path)
  for (const path of [repairedFile(file), file, ...beside]) rmSync(path, {force: true})
}

function requireNoFolder(path: string): void {
  if (lstatSync(path, {throwIfNoEntry: false})?.isDirectory() !== true) return
  throw new EventLogError(
    'not-a-file',
    `Expected a file at ${path}, found a folder: move it away, so that the session can be deleted`,
  )
}
