import {openSqliteLog} from '@holdfast/event-log'

/** How far a log goes that no host has open, and whether its session was closed. Throws an `EventLogError`. */
export function readLogEnd(file: string, sessionId: string): {latestSeq: number; isClosed: boolean} {
  const log = openSqliteLog({file, sessionId, readOnly: true})
  try {
    return {latestSeq: log.latestSeq, isClosed: (log.state()?.closed ?? null) !== null}
  } finally {
    log.close()
  }
}
