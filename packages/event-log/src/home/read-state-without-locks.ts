import {lstatSync} from 'node:fs'
import {DatabaseSync} from 'node:sqlite'

import type {SessionState} from '@holdfast/protocol'

import {stateChecksum} from '../sqlite/checksums.ts'
import {applicationId, logFormat} from '../sqlite/log-format.ts'
import {hasWal, immutableUrl} from '../sqlite/read-alone.ts'

/** A younger change may have the same time stamp as the next one, ms: file systems count in ticks of up to 10 ms. */
const minAgeMs = 1000

const select = `
  SELECT state, session.state_seq, session.checksum, writer.state_seq AS changed, application_id, user_version
  FROM session, writer, pragma_application_id, pragma_user_version`

/**
 * Reads the state from a log without a writer, without SQLite's locks and shared memory: less than half the work.
 * Returns `undefined` where the result might be wrong, for whatever reason; the caller then opens the log as usual.
 *
 * A writer commits to the WAL, and a checkpoint from there changes the file's time. So no process wrote meanwhile if there is
 * no WAL before and after, and the time is the same.
 */
export function readStateWithoutLocks(file: string, now: number): SessionState | undefined {
  try {
    const changedAt = changeTime(file)
    if (changedAt === undefined || now - Number(changedAt / 1_000_000n) < minAgeMs) return undefined
    const {state, state_seq, checksum, changed, application_id, user_version} = readRow(file)
    const isCurrentLog = application_id === applicationId && user_version === logFormat
    if (!isCurrentLog || typeof state !== 'string' || changeTime(file) !== changedAt) return undefined
    if (changed !== state_seq || checksum !== stateChecksum(Number(state_seq), state)) return undefined
    return JSON.parse(state) as SessionState
  } catch {
    return undefined
  }
}

/** Only SQLite opens the file: to close a handle of our own would free the locks that this process has on it. */
function readRow(file: string): Record<string, unknown> {
  const database = new DatabaseSync(immutableUrl(file), {readOnly: true})
  try {
    return database.prepare(select).get() ?? {}
  } finally {
    database.close()
  }
}

/** When the file was changed, epoch ns; `undefined` if it is missing, is no file, or its WAL is not empty. */
function changeTime(file: string): bigint | undefined {
  if (hasWal(file)) return undefined
  const stats = lstatSync(file, {bigint: true, throwIfNoEntry: false})
  return stats?.isFile() === true ? stats.mtimeNs : undefined
}
