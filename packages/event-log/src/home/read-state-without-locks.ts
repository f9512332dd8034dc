import {statSync} from 'node:fs'
import {DatabaseSync} from 'node:sqlite'
import {pathToFileURL} from 'node:url'

import type {SessionState} from '@holdfast/protocol'

import {applicationId, logFormat} from '../sqlite/log-format.ts'

/** Younger changes than this may have the time stamp of the next one, ms: file systems count in ticks, of 10 ms at most. */
const stillMs = 1000

const select = 'SELECT state, application_id, user_version FROM session, pragma_application_id, pragma_user_version'

/**
 * The state in a log that nobody writes, read without the locks and the files that SQLite makes for readers beside a writer:
 * less than half of the work. `undefined` where that cannot be relied on, for whatever reason; then it is to be opened as ever.
 *
 * What is committed goes to the WAL, and from there to the file, which changes its time: nothing was written meanwhile if
 * before and after there is no WAL and the time is the same.
 */
export function readStateWithoutLocks(file: string, now: number): SessionState | undefined {
  try {
    const changedAt = lookAt(file)
    if (changedAt === undefined || now - Number(changedAt / 1_000_000n) < stillMs) return undefined
    const {state, application_id, user_version} = readRow(file)
    const isOurs = application_id === applicationId && user_version === logFormat
    if (!isOurs || typeof state !== 'string' || lookAt(file) !== changedAt) return undefined
    return JSON.parse(state) as SessionState
  } catch {
    return undefined
  }
}

/** By SQLite alone: to open and close the file otherwise would free the locks that this process has on it. */
function readRow(file: string): Record<string, unknown> {
  const url = pathToFileURL(file)
  url.searchParams.set('immutable', '1')
  const database = new DatabaseSync(url, {readOnly: true})
  try {
    return database.prepare(select).get() ?? {}
  } finally {
    database.close()
  }
}

/** When it was changed, epoch ns; `undefined` while something of it may be in a WAL, or it is not there. */
function lookAt(file: string): bigint | undefined {
  if ((statSync(`${file}-wal`, {throwIfNoEntry: false})?.size ?? 0) > 0) return undefined
  return statSync(file, {bigint: true, throwIfNoEntry: false})?.mtimeNs
}
