import type {SessionState} from '@holdfast/protocol'

import {EventLogError} from '../event-log.ts'
import {readStateWithoutLocks} from './read-state-without-locks.ts'
import {sessionIds} from './session-ids.ts'
import {openSqliteLog} from '../sqlite/sqlite-log.ts'

export type ListedSession =
  | {id: string; file: string; state: SessionState}
  /** Its log cannot be read; why. */
  | {id: string; file: string; error: EventLogError}

/**
 * The sessions of a folder, read from the logs themselves, the last used first; unreadable ones last. A log that has no
 * event yet is left out: its session was never returned to anybody. A missing folder holds none.
 */
export function listSessions(folder: string): readonly ListedSession[] {
  const listed: ListedSession[] = []
  const now = Date.now()
  for (const id of sessionIds(folder)) {
    const file = `${folder}/${id}.db`
    try {
      const state = readStateWithoutLocks(file, now) ?? readState(file, id)
      if (state !== undefined) listed.push({id, file, state})
    } catch (error) {
      if (!(error instanceof EventLogError)) throw error
      // Deleted between the listing and the reading: it is not there any more.
      if (error.code !== 'not-found') listed.push({id, file, error})
    }
  }
  return listed.sort((first, second) => lastUse(second) - lastUse(first))
}

function readState(file: string, sessionId: string): SessionState | undefined {
  const log = openSqliteLog({file, sessionId, readOnly: true})
  try {
    return log.state()
  } finally {
    log.close()
  }
}

function lastUse(session: ListedSession): number {
  return 'state' in session ? session.state.updated_at : -Infinity
}
