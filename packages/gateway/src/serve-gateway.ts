import {existsSync} from 'node:fs'
import {isAbsolute} from 'node:path'
import {setTimeout as delay} from 'node:timers/promises'

import type {Breadcrumbs} from '@holdfast/breadcrumbs'
import {isEventLogError, sessionPaths} from '@holdfast/event-log'
import {
  createSessionId,
  errorCodes,
  isCallerName,
  maxLongReads,
  maxOpenSessions,
  maxPeerRequestBytes,
  maxPeerRequests,
  parseResult,
  readHello,
  refusal,
  serveMethods,
  type Hello,
  type MethodTable,
  type Result,
} from '@holdfast/protocol'
import {
  createConnection,
  isPeerGone,
  isRpcError,
  isTransportError,
  RpcError,
  rpcErrorCodes,
  type CloseReason,
  type Connection,
  type HandlerContext,
  type Transport,
} from '@holdfast/rpc'
import {graces} from '@holdfast/supervisor'

import {forCaller, greet, requireAllowed, type Caller} from './caller.ts'
import {hostUnavailable} from './hosts/host-unavailable.ts'
import {deleteSession} from './stored-sessions/delete-session.ts'
import {createHosts} from './hosts/hosts.ts'
import {watchSessions} from './stored-sessions/watch-sessions.ts'
import {createSessionLink, type SessionLink} from './session-link/session-link.ts'
import {sessionIdOf} from './session-id-of.ts'
import {limitConcurrency} from './limit-concurrency.ts'
import {servedTogether, takeLongRead} from './process-limits.ts'
import {readShellHistory} from './shell-history/read-shell-history.ts'
import {readHistory} from './stored-sessions/read-history.ts'
import {searchSessions} from './stored-sessions/search-sessions.ts'
import {createSessionLogs} from './stored-sessions/session-logs.ts'
import {summarizeSessions} from './stored-sessions/summarize-sessions.ts'

export interface GatewayOptions {
  /** The folder of the sessions, an absolute path. */
  home: string
  /** The command that runs a host; the gateway appends the session id as the last argument. */
  hostCommand: readonly [string, ...string[]]
  /** The program's version, for the greeting. */
  version: string
  breadcrumbs: Breadcrumbs
  /** Whose credential the client has shown. @default the user of the machine */
  caller?: Caller | undefined
}

export interface Gateway {
  /** Resolves when the client is gone and the connections to its hosts are closed. The hosts keep running. */
  readonly closed: Promise<CloseReason>
  /** Closes the connection to the client. Resolves when `closed` does. */
  close(message: string): Promise<void>
}

/** Methods that a host and, after its crash, the next host may both execute without harm. */
const repeatable: ReadonlySet<string> = new Set([
  'prompt.update',
  'prompt.promote',
  'prompt.check',
  'prompt.complete',
  'draft.set',
  'session.look',
  'screen.snapshot',
  'session.resize',
  'session.tag',
  'session.title',
  'prompt.submit',
  'prompt.stdin',
  'prompt.withdraw',
  'approval.answer',
])

/** How long a history waits for a shell that is starting, ms. */
const historyFileMs = 5000

/** How many hosts may die while they create a session. */
const maxHostsToCreate = 3

/** Serves one client: routes its requests to the hosts of its sessions, and their events to the client. */
export function serveGateway(transport: Transport, options: GatewayOptions): Gateway {
  const {home, version, breadcrumbs, caller} = options
  if (!isAbsolute(home)) throw new TypeError(`Expected \`home\` to be an absolute path, got \`${home}\``)
  if (caller !== undefined && !isCallerName(caller.name))
    throw new TypeError(`Expected the name of a caller, got \`${caller.name}\``)
  /** What the client has said of itself; an older one says nothing. */
  let hello: Hello | undefined
  const hosts = createHosts({...options, clientName: () => hello?.name})
  const logs = createSessionLogs(home)
  const links = new Map<string, SessionLink>()
  const takeTurn = limitConcurrency(maxLongReads)
  const readInTurn = <Value>(read: () => Promise<Value>) => takeTurn(() => takeLongRead(read))

  const listSessions = (after?: string) => readInTurn(() => summarizeSessions(home, hosts, after))

  const linkTo = (sessionId: string, client: Connection): SessionLink => {
    const known = links.get(sessionId)
    if (known !== undefined) return known
    // Where there is a socket, its host knows.
    if (!existsSync(sessionPaths(home, sessionId).socket)) logs.requireOpen(sessionId)
    makeRoom()
    const link = createSessionLink({
      sessionId,
      client,
      hosts,
      logs,
      breadcrumbs: breadcrumbs.with({session: sessionId}),
      onEnd() {
        if (links.get(sessionId) === link) links.delete(sessionId)
      },
    })
    links.set(sessionId, link)
    return link
  }

  /** Closes the oldest link that the client does not use any more, where one more would be too many. */
  const makeRoom = () => {
    if (links.size < maxOpenSessions) return
    const [unused] = [...links].filter(([, link]) => !link.isBusy)
    if (unused === undefined) {
      const message = `This client watches ${links.size} sessions, the most it may: leave one first`
      throw new RpcError(errorCodes.tooMany, message)
    }
    links.delete(unused[0])
    void unused[1].close()
  }

  /**
   * Forwards a request to the host of its session, which validates it. If the host dies, only a repeatable request goes to the
   * next one: input or an interrupt must not arrive twice.
   */
  const forward = (method: string, params: unknown, {peer}: HandlerContext) =>
    linkTo(sessionIdOf(method, params), peer).request(method, params as object, {repeatable: repeatable.has(method)})

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
      const asked = linkTo(sessionId, peer).request(method, params, {repeatable: true})
      return parseResult(method, await Promise.race([asked, delay(historyFileMs, {}, {signal: waiting.signal})]))
    } catch {
      return {}
    } finally {
      waiting.abort()
    }
  }

  const table: MethodTable<HandlerContext> = {
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

    'session.list': async ({after}) => await listSessions(after),

    'sessions.watch': async () => await sessionsWatch.start(),

    'sessions.unwatch': () => {
      sessionsWatch.stop()
      return {}
    },

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
      await links.get(session_id)?.close()
      links.delete(session_id)
      return {}
    },

    'session.events': async ({session_id, after_seq, before_seq, limit, types, frames}, {signal}) => {
      const read = () =>
        logs.read(session_id, (log) => ({
          latest_seq: log.latestSeq,
          events: [...log.read({afterSeq: after_seq, beforeSeq: before_seq, limit, types, frames})],
        }))
      try {
        return read()
      } catch (error) {
        if (!(isEventLogError(error) && error.code === 'damaged')) throw error
        await repair(session_id, signal)
        return read()
      }
    },

    'session.resume': async ({session_id, after_seq, ...size}, {peer, responded}) => {
      const params = {session_id, after_seq, ...(caller?.isReadOnly !== true && size)}
      const result = await linkTo(session_id, peer).resume(params, responded)
      return result as Result<'session.resume'>
    },

    'session.leave': async ({session_id}) => {
      await links.get(session_id)?.leave()
      return {}
    },

    'session.close': async ({session_id}, {peer}) => {
      try {
        const response = await linkTo(session_id, peer).request('session.close', {session_id}, {repeatable: true})
        return response as Result<'session.close'>
      } catch (error) {
        if (isRpcError(error) && error.code === errorCodes.sessionClosed) return {closed: false}
        throw error
      }
    },
  }

  const client = createConnection(transport, {
    maxServed: maxPeerRequests,
    maxServedLength: maxPeerRequestBytes,
    servedTogether,
    handlers: {
      ...forCaller(
        caller,
        serveMethods(table, (code, message) => new RpcError(code, message)),
      ),
      'client.hello': (params) => meet(params),
    },
    async fallback(method, params, context) {
      requireAllowed(method, caller)
      try {
        return await forward(method, params, context)
      } catch (error) {
        if (isTransportError(error) && error.code === 'unencodable') {
          const message = `${method}: Expected params of fewer levels, got more than the host can be told`
          throw new RpcError(rpcErrorCodes.invalidParams, message)
        }
        throw isEventLogError(error) ? new RpcError(error.wireCode, error.message) : error
      }
    },
  })
  const meet = (params: unknown) => {
    const read = readHello(params)
    if (read.problem === undefined) hello ??= read.hello
    else void refuse(read.problem)
  }
  const refuse = async (message: string) => {
    const {method, params} = refusal(message, errorCodes.protocolMismatch)
    client.notify(method, params)
    await client.close(message, {deadlineMs: graces.gateway.clientMs})
  }
  const sessionsWatch = watchSessions({home, hosts, logs, list: listSessions, client})
  client.notify('event', {type: 'gateway.ready', payload: greet(version, caller)})

  const closed = client.closed.then(async (reason) => {
    sessionsWatch.stop()
    await Promise.all([...links.values()].map((link) => link.close()))
    return reason
  })
  return {
    closed,
    async close(message) {
      await client.close(message, {deadlineMs: graces.gateway.clientMs})
      await closed
    },
  }
}
