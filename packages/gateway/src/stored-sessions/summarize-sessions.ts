import {setImmediate as nextTurn} from 'node:timers/promises'

import {eachSession, homePaths, type ListedSession} from '@holdfast/event-log'
import {listedTitle, maxPageBytes, type Result, type SessionSummary} from '@holdfast/protocol'

import type {Hosts} from '../hosts/hosts.ts'
import {limitConcurrency} from '../limit-concurrency.ts'

/** How many hosts to ask at a time: each takes a file descriptor. */
const maxProbes = 32

/** How many logs to read before other requests get their turn. */
const turnSessions = 100

/** Summarizes the sessions of one page, last used first, and checks whether their hosts are running. */
export async function summarizeSessions(
  home: string,
  hosts: Pick<Hosts, 'isAlive'>,
  after?: string,
): Promise<Result<'session.list'>> {
  const summaries: SessionSummary[] = []
  let bytes = 0
  let next: string | undefined
  for (const session of eachSession(homePaths(home).sessions, {after})) {
    const summary = summarize(session)
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
      return {...summary, state: 'stopped' as const}
    }),
  )
  sessions.sort((first, second) => lastUse(second) - lastUse(first))
  return next === undefined ? {sessions} : {sessions, next}
}

/** The state is that of a session whose host is running. */
function summarize(session: ListedSession): SessionSummary {
  const {id} = session
  if ('error' in session) {
    return {id, title: session.error.message, agent: '', cwd: '', state: 'unreadable', created_at: 0, updated_at: 0}
  }
  const {info, updated_at, running, closed} = session.state
  const {agent, cwd, created_at} = info
  const state = closed === null ? (running === null ? 'idle' : 'running') : 'closed'
  return {id, title: listedTitle(session.state), agent, cwd, created_at, updated_at, state}
}

function lastUse({state, updated_at}: SessionSummary): number {
  return state === 'unreadable' ? -Infinity : updated_at
}
