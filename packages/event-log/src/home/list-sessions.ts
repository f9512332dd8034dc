import type {SessionState} from '@holdfast/protocol'

import {isEventLogError, type EventLogError} from '../event-log.ts'
import {openSqliteLog} from '../sqlite/sqlite-log.ts'
import {readStateWithoutLocks} from './read-state-without-locks.ts'
import {sessionIds} from './session-ids.ts'

export type ListedSession =
  | {id: string; file: string; state: SessionState}
  /** Why the log cannot be read. */
  | {id: string; file: string; error: EventLogError}

/** Lists the sessions of a folder as `eachSession` does, last used first and unreadable ones last. */
export function listSessions(folder: string): readonly ListedSession[] {
  return [...eachSession(folder)].sort((first, second) => lastUse(second) - lastUse(first))
}

/**
 * Reads the sessions of a folder from their logs, one after another in the order of their ids: the state of one may have
 * 15 MB. It leaves out a log without an event: no client knows the id of that session. A missing folder has no sessions.
 * `after`: only sessions whose ids follow this one.
 */
export function* eachSession(
  folder: string,
  {after = ''}: {after?: string | undefined} = {},
): Generator<ListedSession> {
  const ids = sessionIds(folder).filter((id) => id > after)
  for (const id of ids.sort()) {
    const file = `${folder}/${id}.db`
    try {
      const state = readStateWithoutLocks(file, Date.now()) ?? readState(file, id)
      if (state !== undefined) yield {id, file, state}
    } catch (error) {
      if (!isEventLogError(error)) throw error
      // `not-found`: the session was deleted after the folder was listed.
      if (error.code !== 'not-found') yield {id, file, error}
    }
  }
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
