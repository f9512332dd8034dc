import type {Connection} from '@holdfast/rpc'

import type {SessionLogs} from '../stored-sessions/session-logs.ts'
import type {ClientView} from './client-view.ts'

export interface StoredEvents {
  client: Pick<Connection, 'drained'>
  view: Pick<ClientView, 'shownSeq' | 'take'>
  logs: Pick<SessionLogs, 'read'>
}

/** Sends a client the rest of a log, as fast as it reads. */
export async function sendStored(sessionId: string, {client, view, logs}: StoredEvents): Promise<void> {
  for (let from = -1; view.shownSeq !== undefined && from < view.shownSeq;) {
    await client.drained()
    from = view.shownSeq
    logs.read(sessionId, (log) => log.read({afterSeq: from})).forEach((event) => view.take(event))
  }
}
