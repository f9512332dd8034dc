import {homePaths, type ListedSession, listSessions} from '@holdfast/event-log'
import {type SessionSummary} from '@holdfast/protocol'

import type {Hosts} from '../hosts/hosts.ts'

/** Summarizes each session, last used first, and checks whether its host is running. */
export function summarizeSessions(home: string, hosts: Hosts): Promise<SessionSummary[]> {
  return Promise.all(listSessions(homePaths(home).sessions).map((session) => summarize(session, hosts)))
}

async function summarize(session: ListedSession, hosts: Hosts): Promise<SessionSummary> {
  const {id} = session
  if ('error' in session) {
    return {id, title: session.error.message, agent: '', cwd: '', state: 'unreadable', created_at: 0, updated_at: 0}
  }
  const {info, updated_at, running, closed} = session.state
  const {title, agent, cwd, created_at} = info
  const summary = {id, title, agent, cwd, created_at, updated_at}
  if (closed !== null) return {...summary, state: 'closed'}
  if (!(await hosts.isAlive(id))) return {...summary, state: 'stopped'}
  return {...summary, state: running === null ? 'idle' : 'running'}
}
