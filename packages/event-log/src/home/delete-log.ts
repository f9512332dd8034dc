import {readdirSync, rmSync} from 'node:fs'
import {basename, dirname, join} from 'node:path'

/**
 * Removes a log, the copies that were kept of it, and what SQLite keeps beside it. The log itself goes first: what is left of
 * a removal that did not end is no session any more. Whoever calls it holds the session's lease.
 */
export function deleteLog(file: string): void {
  rmSync(file, {force: true})
  const folder = dirname(file)
  for (const name of readdirSync(folder)) {
    if (name.startsWith(`${basename(file)}-`) || name.startsWith(`${basename(file)}.`)) rmSync(join(folder, name))
  }
}
