import {isAbsolute} from 'node:path'

import type {Breadcrumbs} from '@holdfast/breadcrumbs'
import {EventLogError} from '@holdfast/event-log'
import {
  createSessionId,
  errorCodes,
  methods,
  protocolVersion,
  serveMethods,
  sessionIdPattern,
  type MethodTable,
  type Result,
} from '@holdfast/protocol'
import {
  createConnection,
  isPeerGone,
  isRpcError,
  RpcError,
  rpcErrorCodes,
  type CloseReason,
  type Connection,
  type HandlerContext,
  type Transport,
} from '@holdfast/rpc'

import {hostUnavailable} from './hosts/host-unavailable.ts'
import {deleteSession} from './stored-sessions/delete-session.ts'
import {createHosts} from './hosts/hosts.ts'
import {createSessionLink, type SessionLink} from './session-link/session-link.ts'
import {readHistory} from './stored-sessions/read-history.ts'
import {searchSessions} from './stored-sessions/search-sessions.ts'
import {createSessionLogs} from './stored-sessions/session-logs.ts'
import {summarizeSessions} from './stored-sessions/summarize-sessions.ts'

export interface GatewayOptions {
  /** Where sessions live; an absolute path. */
  home: string
  /** The command that runs a host; the id of the session is added as last argument. */
  hostCommand: readonly [string, ...string[]]
  /** Of the program, for the greeting. */
  version: string
  breadcrumbs: Breadcrumbs
}

/** A gateway at work for one client. */
export interface Gateway {
  /** Resolves when the client is gone and its lines to hosts are closed. The hosts run on. */
  readonly closed: Promise<CloseReason>
  /** Ends the line to the client. Resolves when `closed` does. */
  close(message: string): Promise<void>
}

/** Methods of a session that a dead host and its successor may both carry out without harm. */
const repeatable: ReadonlySet<string> = new Set([
  'prompt.update',
  'prompt.promote',
  'draft.set',
  'session.resize',
  'session.title',
  'prompt.submit',
  'prompt.withdraw',
])

/** How long the making of a session may take, ms. */
const createTimeoutMs = 15_000

/** Hosts that may die while they make a session. */
const maxHostsToCreate = 3

/** Serves one client: leads its requests to the hosts of its sessions, and their events to it. */
export function serveGateway(transport: Transport, options: GatewayOptions): Gateway {
  const {home, version, breadcrumbs} = options
  if (!isAbsolute(home)) throw new TypeError(`Expected \`home\` to be an absolute path, got \`${home}\``)
  const hosts = createHosts(options)
  const logs = createSessionLogs(home)
  const links = new Map<string, SessionLink>()

  const linkTo = (sessionId: string, client: Connection): SessionLink => {
    const known = links.get(sessionId)
    if (known !== undefined) return known
    logs.requireOpen(sessionId)
    const link = createSessionLink({
      sessionId,
      client,
      hosts,
      logs,
      breadcrumbs: breadcrumbs.with({session: sessionId}),
      onEnd: () => links.delete(sessionId),
    })
    links.set(sessionId, link)
    return link
  }

  /**
   * Leads a request to the host of its session as it is: what it says is for the host to judge. It is asked again of the
   * next host only if that does no harm: what was typed or interrupted twice is not the same as once.
   */
  const lead = (method: string, params: unknown, {peer}: HandlerContext) =>
    linkTo(sessionIdOf(method, params), peer).request(method, params as object, {repeatable: repeatable.has(method)})

  /** Whether a session is there already. Throws where it was closed; where its log cannot tell, its host can. */
  const isOpen = (sessionId: string): boolean => {
    try {
      logs.requireOpen(sessionId)
      return true
    } catch (error) {
      if (isRpcError(error) && error.code === errorCodes.sessionClosed) throw error
      return false
    }
  }

  /** A host repairs the log of its session before anything else, also of one that is closed: then it ends, and cannot be reached. */
  const repair = async (sessionId: string) => {
    const host = await hosts.connect(sessionId, AbortSignal.timeout(createTimeoutMs)).catch(() => undefined)
    await host?.close('it was asked to repair the log')
  }

  const table: MethodTable<HandlerContext> = {
    'gateway.ping': () => ({}),

    'session.create': async ({session_id: sessionId = createSessionId(), ...params}) => {
      const signal = AbortSignal.timeout(createTimeoutMs)
      for (let hostsLeft = maxHostsToCreate; !isOpen(sessionId);) {
        const host = await hosts.connect(sessionId, signal)
        try {
          await host.request('session.create', params)
          break
        } catch (error) {
          hostsLeft -= 1
          // What became of a host that died is for the next one to say.
          if (!isPeerGone(error) || hostsLeft === 0) throw hostUnavailable(sessionId, error)
        } finally {
          await host.close('it was asked to make the session')
        }
      }
      return {session_id: sessionId}
    },

    'session.list': async () => ({sessions: await summarizeSessions(home, hosts)}),

    'session.search': async ({words, limit = 10}, {signal}) => await searchSessions({home, logs, words, limit, signal}),

    'prompt.history': async ({limit = 100, before = Infinity}, {signal}) =>
      await readHistory({home, logs, limit, before, signal}),

    'session.delete': async ({session_id}) => {
      await deleteSession(home, session_id)
      await links.get(session_id)?.close()
      links.delete(session_id)
      return {}
    },

    'session.events': async ({session_id, after_seq, before_seq, limit}) => {
      const read = () =>
        logs.read(session_id, (log) => ({
          latest_seq: log.latestSeq,
          events: [...log.read({afterSeq: after_seq, beforeSeq: before_seq, limit})],
        }))
      try {
        return read()
      } catch (error) {
        if (!(error instanceof EventLogError && error.code === 'damaged')) throw error
        await repair(session_id)
        return read()
      }
    },

    'session.resume': async (params, {peer, responded}) => {
      const result = await linkTo(params.session_id, peer).resume(params, responded)
      return result as Result<'session.resume'>
    },

    'session.leave': async ({session_id}) => {
      await links.get(session_id)?.leave()
      return {}
    },

    'session.close': async ({session_id}, {peer}) => {
      try {
        const answer = await linkTo(session_id, peer).request('session.close', {session_id}, {repeatable: true})
        return answer as Result<'session.close'>
      } catch (error) {
        if (isRpcError(error) && error.code === errorCodes.sessionClosed) return {closed: false}
        throw error
      }
    },
  }

  const client = createConnection(transport, {
    handlers: serveMethods(table, (code, message) => new RpcError(code, message)),
    async fallback(method, params, context) {
      try {
        return await lead(method, params, context)
      } catch (error) {
        throw error instanceof EventLogError ? new RpcError(error.wireCode, error.message) : error
      }
    },
  })
  client.notify('event', {type: 'gateway.ready', payload: {protocol: protocolVersion, version}})

  const closed = client.closed.then(async (reason) => {
    await Promise.all([...links.values()].map((link) => link.close()))
    return reason
  })
  return {
    closed,
    async close(message) {
      await client.close(message)
      await closed
    },
  }
}

/** The session that a request is for. Throws where it names none: then it is for nobody that is known here. */
function sessionIdOf(method: string, params: unknown): string {
  const {session_id} = (params ?? {}) as {session_id?: unknown}
  if (typeof session_id === 'string' && sessionIdPattern.test(session_id)) return session_id
  if (session_id === undefined && !(method in methods)) {
    throw new RpcError(rpcErrorCodes.methodNotFound, `Expected a method of the gateway, got \`${method}\``)
  }
  throw new RpcError(
    rpcErrorCodes.invalidParams,
    `${method}: session_id: Expected a session id: 10 letters or digits, got \`${String(session_id)}\``,
  )
}
