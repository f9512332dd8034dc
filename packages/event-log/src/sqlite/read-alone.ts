import {statSync} from 'node:fs'
import {pathToFileURL} from 'node:url'

/** Whether a log has a WAL with content, which belongs to the log. */
export function hasWal(file: string): boolean {
  return (statSync(`${file}-wal`, {throwIfNoEntry: false})?.size ?? 0) > 0
}

/** Opens a file without SQLite's locks and shared memory: for a file that no process changes. */
export function immutableUrl(file: string): URL {
  const url = pathToFileURL(file)
  url.searchParams.set('immutable', '1')
  return url
}
