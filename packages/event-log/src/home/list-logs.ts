import {statSync, type Stats} from 'node:fs'

import {sessionIds} from './session-ids.ts'

/** A log as it is seen from outside. */
export interface ListedLog {
  id: string
  /** Epoch ms: about when something was written to it last. */
  changedAt: number
}

/** The logs of a folder, what was changed last first. None is opened, so a thousand cost some ms. */
export function listLogs(folder: string): readonly ListedLog[] {
  return sessionIds(folder)
    .map((id) => ({id, changedAt: changedAt(`${folder}/${id}.db`)}))
    .sort((first, second) => second.changedAt - first.changedAt)
}

/** What is committed goes to the WAL first. An empty one was made by a reader. */
function changedAt(file: string): number {
  const [log, wal] = [look(file), look(`${file}-wal`)]
  return Math.max(log?.mtimeMs ?? 0, wal === undefined || wal.size === 0 ? 0 : wal.mtimeMs)
}

function look(file: string): Stats | undefined {
  return statSync(file, {throwIfNoEntry: false})
}
