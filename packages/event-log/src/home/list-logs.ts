import {statSync, type Stats} from 'node:fs'

import {sessionIds} from './session-ids.ts'

/** A log that was listed without opening it. */
export interface ListedLog {
  id: string
  /** When the log was last written to, epoch ms, to the precision of the file system's clock. */
  changedAt: number
}

/** Lists the logs of a folder, last changed first. It opens no log, so a thousand of them cost a few ms. */
export function listLogs(folder: string): readonly ListedLog[] {
  return sessionIds(folder)
    .map((id) => ({id, changedAt: changedAt(`${folder}/${id}.db`)}))
    .sort((first, second) => second.changedAt - first.changedAt)
}

/** SQLite commits to the WAL first. It ignores an empty WAL: a reader creates that. */
function changedAt(file: string): number {
  const [log, wal] = [stat(file), stat(`${file}-wal`)]
  return Math.max(log?.mtimeMs ?? 0, wal === undefined || wal.size === 0 ? 0 : wal.mtimeMs)
}

function stat(file: string): Stats | undefined {
  return statSync(file, {throwIfNoEntry: false})
}
