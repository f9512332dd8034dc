import type {SessionState} from '@holdfast/protocol'

import {isEventLogError, type EventLogError} from '../event-log.ts'
import {openSqliteLog} from '../sqlite/sqlite-log.ts'
import {readStateWithoutLocks} from './read-state-without-locks.ts'
import {sessionIds} from './session-ids.ts'

export type ListedSession =
  | {id: string; file: string; state: SessionState}
  /** Why the log cannot be read. */
  | {id: string; file: string; error: EventLogError}

/**
 * Lists the sessions of a folder from their logs, last used first and unreadable ones last. It leaves out a log without
 * an event: no client knows the id of that session. A missing folder has no sessions.
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
      if (!isEventLogError(error)) throw error
      // `not-found`: the session was deleted after the folder was listed.
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
