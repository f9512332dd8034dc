import {isEventLogError, type EventLogError} from '@holdfast/event-log'
import {errorCodes, summarizeSession, type SessionState, type SessionSummary} from '@holdfast/protocol'
import {isRpcError} from '@holdfast/rpc'

import {wasOpenBeforeRestart} from './before-restart.ts'
import type {SessionLogs} from './session-logs.ts'

/** The summary of a session without a host, from its log; `undefined` where it was deleted. */
export function summarizeStored(home: string, id: string, logs: Pick<SessionLogs, 'read'>): SessionSummary | undefined {
  try {
    const summary = logs.read(id, (log) => summarizeLog(log.state(), log.latestSeq))
    return summary === undefined ? undefined : withoutHost(home, summary)
  } catch (error) {
    if (isRpcError(error) && error.code === errorCodes.sessionNotFound) return undefined
    if (!isEventLogError(error)) throw error
    return unreadableSummary(id, error)
  }
}

function summarizeLog(state: SessionState | undefined, latestSeq: number): SessionSummary | undefined {
  return state === undefined ? undefined : summarizeSession(state, {latestSeq})
}

/** The summary of a session whose log was found, and no host. */
export function withoutHost(home: string, summary: SessionSummary): SessionSummary {
  if (summary.state !== 'running' && summary.state !== 'idle') return summary
  const isOfRestart = wasOpenBeforeRestart(home, summary.id)
  return {...summary, state: 'stopped', ...(isOfRestart && {before_restart: true})}
}

/** A session whose log cannot be read: its title says why. */
export function unreadableSummary(id: string, error: EventLogError): SessionSummary {
  return {id, title: error.message, agent: '', cwd: '', state: 'unreadable', created_at: 0, updated_at: 0}
}
