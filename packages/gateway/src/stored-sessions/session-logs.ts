import {type EventLog, isEventLogError, openSqliteLog, sessionPaths} from '@holdfast/event-log'
import {errorCodes} from '@holdfast/protocol'
import {RpcError} from '@holdfast/rpc'

/** Reads the logs of a home; a log is open only while it is read. */
export interface SessionLogs {
  /** Throws an `RpcError` `sessionNotFound`, or an `EventLogError` if the log cannot be read. */
  read<Value>(sessionId: string, read: (log: EventLog) => Value): Value
  /**
   * Throws if no host can serve a session: an `RpcError` `sessionNotFound` or `sessionClosed`, or an `EventLogError` if
   * its log can be neither read nor repaired.
   */
  requireOpen(sessionId: string): void
}

export function createSessionLogs(home: string): SessionLogs {
  const read: SessionLogs['read'] = (sessionId, use) => {
    const log = openLog(home, sessionId)
    try {
      return use(log)
    } finally {
      log.close()
    }
  }
  /** A damaged log is no obstacle: the host that opens it repairs it. */
  const readUnlessDamaged = (sessionId: string) => {
    try {
      return read(sessionId, (log) => log.state())
    } catch (error) {
      if (isEventLogError(error) && error.code === 'damaged') return 'damaged'
      throw error
    }
  }
  return {
    read,
    requireOpen(sessionId) {
      const state = readUnlessDamaged(sessionId)
      if (state === 'damaged') return
      if (state === undefined) throw notFound(sessionId)
      if (state.closed !== null)
        throw new RpcError(errorCodes.sessionClosed, `Session ${sessionId} is closed: open another one`)
    },
  }
}

function openLog(home: string, sessionId: string): EventLog {
  try {
    return openSqliteLog({file: sessionPaths(home, sessionId).log, sessionId, readOnly: true})
  } catch (error) {
    // Without the path of the file, which is of no use to a client.
    throw isEventLogError(error) && error.code === 'not-found' ? notFound(sessionId) : error
  }
}

function notFound(sessionId: string): RpcError {
  return new RpcError(errorCodes.sessionNotFound, `There is no session ${sessionId}`)
}
