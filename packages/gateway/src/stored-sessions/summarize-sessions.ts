import {existsSync, readdirSync} from 'node:fs'
import {setImmediate as nextTurn} from 'node:timers/promises'

import {eachSession, hasLog, homePaths, isEventLogError, sessionPaths, type ListedSession} from '@holdfast/event-log'
import {maxPageBytes, summarizeSession, type Result, type SessionSummary} from '@holdfast/protocol'

import {isRpcError} from '@holdfast/rpc'

import type {Hosts} from '../hosts/hosts.ts'
import {limitConcurrency} from '../limit-concurrency.ts'
import type {SessionLogs} from './session-logs.ts'
import {unreadableSummary, withoutHost} from './summarize-stored.ts'

/** How many hosts to ask at a time: each takes a file descriptor. */
const maxProbes = 32

/** How many logs to read before other requests get their turn. */
const turnSessions = 100

/** Summarizes the sessions of one page, last used first, and checks whether their hosts are running. */
export async function summarizeSessions(
  {
    home,
    hosts,
    logs,
  }: {home: string; hosts: Pick<Hosts, 'isAlive' | 'readState'>; logs: Pick<SessionLogs, 'shownState'>},
  after?: string,
): Promise<Result<'session.list'>> {
  const summaries: SessionSummary[] = []
  let bytes = 0
  let next: string | undefined
  for (const session of eachSession(homePaths(home).sessions, {after})) {
    const summary = summarize(session, logs)
    if (summary === undefined) continue
    bytes += Buffer.byteLength(JSON.stringify(summary))
    if (bytes > maxPageBytes && summaries.length > 0) {
      next = summaries.at(-1)?.id
      break
    }
    summaries.push(summary)
    if (summaries.length % turnSessions === 0) await nextTurn()
  }
  const probe = limitConcurrency(maxProbes)
  const sessions = await Promise.all(
    summaries.map(async (summary) => {
      const isHosted = summary.state === 'idle' || summary.state === 'running'
      if (!isHosted || (await probe(() => hosts.isAlive(summary.id)))) return summary
      return withoutHost(home, summary)
    }),
  )
  if (next === undefined) sessions.push(...(await summarizeWithoutLogs()))
  sessions.sort((first, second) => lastUse(second) - lastUse(first))
  return next === undefined ? {sessions} : {sessions, next}

  /** A log that was deleted while its host lives is still in the host, which writes it back before the next prompt. */
  async function summarizeWithoutLogs(): Promise<SessionSummary[]> {
    const ids = listSockets(homePaths(home).run).filter((id) => !hasLog(sessionPaths(home, id).log))
    const states = await Promise.all(ids.map((id) => probe(() => hosts.readState(id))))
    return states.flatMap((state) => (state === undefined ? [] : [summarizeSession(state)]))
  }
}

/** The state is that of a session whose host is running. `undefined`: nothing of it may be seen yet, or it was deleted meanwhile. */
function summarize(session: ListedSession, logs: Pick<SessionLogs, 'shownState'>): SessionSummary | undefined {
  const {id} = session
  if ('error' in session) return unreadableSummary(id, session.error)
  try {
    const state = logs.shownState(id, session.state)
    return state && summarizeSession(state)
  } catch (error) {
    if (isEventLogError(error)) return unreadableSummary(id, error)
    if (isRpcError(error)) return undefined
    throw error
  }
}

/** The ids of the sessions that have a socket. */
function listSockets(run: string): string[] {
  const names = existsSync(run) ? readdirSync(run) : []
  return names.filter((name) => name.endsWith('.sock')).map((name) => name.slice(0, -'.sock'.length))
}

function lastUse({state, updated_at}: SessionSummary): number {
  return state === 'unreadable' ? -Infinity : updated_at
}
