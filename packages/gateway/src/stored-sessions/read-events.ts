import type {Params, Result} from '@holdfast/protocol'

import type {SessionLogs} from './session-logs.ts'

/** Reads a page of a log. Throws what `SessionLogs.read` throws. */
export function readEvents(
  logs: Pick<SessionLogs, 'read'>,
  {session_id, after_seq, before_seq, limit, types, frames}: Params<'session.events'>,
): Result<'session.events'> {
  return logs.read(session_id, (log) => ({
    latest_seq: log.latestSeq,
    events: [...log.read({afterSeq: after_seq, beforeSeq: before_seq, limit, types, frames})],
  }))
}
