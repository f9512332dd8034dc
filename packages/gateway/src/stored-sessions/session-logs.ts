import {existsSync} from 'node:fs'

import {
  claimFile,
  createShownLog,
  type EventLog,
  isEventLogError,
  openSqliteLog,
  readClaimFile,
  sessionPaths,
  type ShownLog,
} from '@holdfast/event-log'
import {errorCodes, type SessionState} from '@holdfast/protocol'
import {isRpcError, RpcError} from '@holdfast/rpc'

/** Reads the logs of a home; a log is open only while it is read. */
export interface SessionLogs {
  /**
   * Reads what clients may see. In a fleet that promises to show only what the cluster has, the log ends where its host has noted that.
   * Throws an `RpcError` `sessionNotFound`, or an `EventLogError` if the log cannot be read.
   */
  read<Value>(sessionId: string, read: (log: ShownLog) => Value): Value
  /**
   * What clients may see of the state that was read from a log, where the fleet promises that they see only what the cluster has;
   * `undefined`: nothing. Throws as `read` does.
   */
  shownState(sessionId: string, state: SessionState): SessionState | undefined
  /** Whether a session exists. Throws an `RpcError` `sessionClosed`, or an `EventLogError` if its log can be neither read nor repaired. */
  isOpen(sessionId: string): boolean
  /** Throws if no host can serve a session: an `RpcError` `sessionNotFound`, or what `isOpen` throws. */
  requireOpen(sessionId: string): void
}

/** `isForFleet`: clients of other machines read them. They may see only what the cluster has, whatever the fleet promises. */
export function createSessionLogs(home: string, {isForFleet = false} = {}): SessionLogs {
  const readWhole = <Value>(sessionId: string, use: (log: EventLog) => Value): Value => {
    const log = openLog(home, sessionId)
    try {
      return use(log)
    } finally {
      log.close()
    }
  }
  const claimOf = (sessionId: string) => readClaimFile(claimFile(sessionPaths(home, sessionId).log))
  const read: SessionLogs['read'] = (sessionId, use) =>
    readWhole(sessionId, (log) => {
      const claim = claimOf(sessionId)
      const isWhole = claim === undefined || (claim.promise === 'local' && !isForFleet)
      return use(isWhole ? log : createShownLog(log, () => claim.through))
    })
  /** A damaged log is no obstacle: the host that opens it repairs it. */
  const readUnlessDamaged = (sessionId: string) => {
    try {
      return readWhole(sessionId, (log) => log.state())
    } catch (error) {
      if (isEventLogError(error) && error.code === 'damaged') return 'damaged'
      if (isRpcError(error) && error.code === errorCodes.sessionNotFound) return undefined
      throw error
    }
  }
  const isOpen = (sessionId: string) => {
    const state = readUnlessDamaged(sessionId)
    if (state === undefined || state === 'damaged') return state !== undefined
    if (state.closed === null) return true
    throw new RpcError(errorCodes.sessionClosed, `Session ${sessionId} is closed: open another one`)
  }
  return {
    read,
    shownState: (sessionId, state) =>
      claimOf(sessionId)?.promise === 'replicated' ? read(sessionId, (log) => log.state()) : state,
    isOpen,
    requireOpen(sessionId) {
      // A host whose log was deleted writes it back.
      if (!isOpen(sessionId) && !existsSync(sessionPaths(home, sessionId).socket)) throw notFound(sessionId)
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
