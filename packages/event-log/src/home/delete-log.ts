import {readdirSync, rmSync} from 'node:fs'
import {basename, dirname, join} from 'node:path'

/**
 * Removes a log, the copies kept of it, and SQLite's files beside it. It removes the log itself first, so a removal that
 * is cut short leaves no session behind. The caller holds the session's lease.
 */
export function deleteLog(file: string): void {
  rmSync(file, {force: true})
  const folder = dirname(file)
  for (const name of readdirSync(folder)) {
    if (name.startsWith(`${basename(file)}-`) || name.startsWith(`${basename(file)}.`)) rmSync(join(folder, name))
  }
}
