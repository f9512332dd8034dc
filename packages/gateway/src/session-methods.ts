import {setTimeout as delay} from 'node:timers/promises'

import type {Breadcrumbs} from '@holdfast/breadcrumbs'
import {isEventLogError} from '@holdfast/event-log'
import {createSessionId, errorCodes, parseResult, type MethodTable, type Result} from '@holdfast/protocol'
import {isPeerGone, isRpcError, type Connection, type HandlerContext} from '@holdfast/rpc'

import type {Caller} from './caller.ts'
import {hostUnavailable} from './hosts/host-unavailable.ts'
import type {Hosts} from './hosts/hosts.ts'
import type {SessionLinks} from './session-link/session-links.ts'
import {readShellHistory} from './shell-history/read-shell-history.ts'
import {deleteSession} from './stored-sessions/delete-session.ts'
import {readEvents} from './stored-sessions/read-events.ts'
import {readHistory} from './stored-sessions/read-history.ts'
import {searchSessions} from './stored-sessions/search-sessions.ts'
import type {SessionLogs} from './stored-sessions/session-logs.ts'
import {summarizeSessions} from './stored-sessions/summarize-sessions.ts'

export interface SessionMethodsOptions {
  home: string
  hosts: Hosts
  logs: SessionLogs
  links: SessionLinks
  breadcrumbs: Breadcrumbs
  caller: Caller | undefined
  /** Runs a long read when it is the turn of this client. */
  readInTurn: <Value>(read: () => Promise<Value>) => Promise<Value>
}

/** How long a history waits for a shell that is starting, ms. */
const historyFileMs = 5000

/** How many hosts may die while they create a session. */
const maxHostsToCreate = 3

/** The methods that the gateway answers itself, with the sessions of its home. */
export function createSessionMethods(options: SessionMethodsOptions) {
  const {home, hosts, logs, links, breadcrumbs, caller, readInTurn} = options

  /** Whether a session exists, be it open or closed. If its log cannot be read, its host decides. */
  const exists = (sessionId: string): boolean => {
    try {
      return logs.isOpen(sessionId)
    } catch (error) {
      return isRpcError(error) && error.code === errorCodes.sessionClosed
    }
  }

  /** Starts a host, which first repairs the log. The host of a closed session exits then, so that the connection fails. */
  const repair = async (sessionId: string, abandoned: AbortSignal) => {
    const host = await hosts.connect(sessionId, abandoned).catch(() => undefined)
    await host?.close('the log was repaired')
  }

  /** Asks the host of a session. One that does not answer, because its shell hangs or it is an older one, costs only that history. */
  const historyFileOf = async (sessionId: string, peer: Connection): Promise<Result<'session.history-file'>> => {
    const waiting = new AbortController()
    const method = 'session.history-file'
    const params = {session_id: sessionId}
    try {
      const asked = links.linkTo(sessionId, peer).request(method, params, {repeatable: true})
      return parseResult(method, await Promise.race([asked, delay(historyFileMs, {}, {signal: waiting.signal})]))
    } catch {
      return {}
    } finally {
      waiting.abort()
    }
  }

  return {
    'gateway.ping': () => ({}),

    'session.create': async ({session_id: sessionId = createSessionId(), ...params}, {signal}) => {
      for (let hostsLeft = maxHostsToCreate; !exists(sessionId);) {
        const host = await hosts.connect(sessionId, signal)
        try {
          await host.request('session.create', params)
          break
        } catch (error) {
          hostsLeft -= 1
          // If the host died, the next one knows whether it had created the session.
          if (!isPeerGone(error) || hostsLeft === 0) throw hostUnavailable(sessionId, error)
        } finally {
          await host.close('the session was created')
        }
      }
      return {session_id: sessionId}
    },

    'session.list': async ({after}) => await readInTurn(() => summarizeSessions({home, hosts, logs}, after)),

    'session.search': async ({words, limit = 10}, {signal}) =>
      await readInTurn(() => searchSessions({home, logs, words, limit, signal})),

    'prompt.history': async ({session_id, limit = 100, before = Infinity}, {peer, signal}) => {
      // What the user has typed elsewhere is no part of a session that others may look at.
      const isShared = session_id !== undefined && caller?.isReadOnly !== true
      const file = isShared ? await historyFileOf(session_id, peer) : {}
      return await readInTurn(async () => {
        const shellHistory = await readShellHistory(file)
        return await readHistory({home, logs, limit, before, shellHistory, signal})
      })
    },

    'session.delete': async ({session_id}) => {
      await deleteSession(home, session_id)
      // Its own log, which says who did what, is gone.
      breadcrumbs.record('session-deleted', {session: session_id, client: caller?.name})
      await links.close(session_id)
      return {}
    },

    'session.events': async (params, {signal}) => {
      try {
        return readEvents(logs, params)
      } catch (error) {
        if (!(isEventLogError(error) && error.code === 'damaged')) throw error
        await repair(params.session_id, signal)
        return readEvents(logs, params)
      }
    },

    'session.resume': async ({cols, rows, ...position}, {peer, responded}) => {
      const params = {...position, ...(caller?.isReadOnly !== true && {cols, rows})}
      const result = await links.linkTo(position.session_id, peer).resume(params, responded)
      return result as Result<'session.resume'>
    },

    'session.leave': async ({session_id}) => {
      await links.get(session_id)?.leave()
      return {}
    },

    'session.close': async ({session_id}, {peer}) => {
      try {
        const answer = await links.linkTo(session_id, peer).request('session.close', {session_id}, {repeatable: true})
        return answer as Result<'session.close'>
      } catch (error) {
        if (isRpcError(error) && error.code === errorCodes.sessionClosed) return {closed: false}
        throw error
      }
    },
  } satisfies MethodTable<HandlerContext>
}
