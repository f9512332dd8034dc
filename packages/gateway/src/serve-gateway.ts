import {isAbsolute} from 'node:path'

import type {Breadcrumbs} from '@holdfast/breadcrumbs'
import {isEventLogError} from '@holdfast/event-log'
import {
  errorCodes,
  isCallerName,
  maxLongReads,
  maxPeerRequestBytes,
  maxPeerRequests,
  protocolVersion,
  readHello,
  refusal,
  serveMethods,
  type Hello,
  type MethodTable,
} from '@holdfast/protocol'
import {
  createConnection,
  isTransportError,
  RpcError,
  rpcErrorCodes,
  type CloseReason,
  type HandlerContext,
  type Transport,
} from '@holdfast/rpc'
import {graces} from '@holdfast/supervisor'

import {forCaller, greet, presentClient, requireAllowed, type Caller} from './caller.ts'
import type {GatewayFleet} from './fleet/gateway-fleet.ts'
import {createHosts} from './hosts/hosts.ts'
import {limitConcurrency} from './limit-concurrency.ts'
import {servedTogether, takeLongRead} from './process-limits.ts'
import {sessionIdOf} from './session-id-of.ts'
import {createSessionLinks} from './session-link/session-links.ts'
import {createSessionMethods} from './session-methods.ts'
import {createSessionLogs} from './stored-sessions/session-logs.ts'
import {summarizeSessions} from './stored-sessions/summarize-sessions.ts'
import {createSummarySender} from './stored-sessions/summary-sender.ts'
import {watchSessions} from './stored-sessions/watch-sessions.ts'

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
  /** The sessions of other machines: see `openGatewayFleet`. @default only those of the home */
  fleet?: GatewayFleet | undefined
  /** The fleet of the home, where `fleet` is not given: a session that is deleted is deleted there, too. @default the home is in none */
  fleetOfHome?: GatewayFleet | undefined
  /** Its clients are other machines of the fleet, which may read only what the cluster has. @default false */
  isForFleet?: boolean | undefined
  /** Variables for the hosts that this gateway starts, which other users cannot read as they can command lines. */
  hostEnvironment?: Readonly<Record<string, string>> | undefined
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

/** Serves one client: routes its requests to the hosts of its sessions, and their events to the client. */
export function serveGateway(transport: Transport, options: GatewayOptions): Gateway {
  const {home, version, breadcrumbs, caller} = options
  if (!isAbsolute(home)) throw new TypeError(`Expected \`home\` to be an absolute path, got \`${home}\``)
  if (caller !== undefined && !isCallerName(caller.name))
    throw new TypeError(`Expected the name of a caller, got \`${caller.name}\``)
  /** What the client has said of itself; an older one says nothing. */
  let hello: Hello | undefined
  const hosts = createHosts({...options, clientName: () => hello?.name})
  const logs = createSessionLogs(home, {isForFleet: options.isForFleet})
  const sender = createSummarySender(() => client)
  const toHosts = () => ({protocol: protocolVersion, version, ...presentClient(hello?.name, caller)})
  const local = {home, hosts, logs, caller, hello: toHosts, sender}
  const routed = options.fleet?.route(local)
  const routedOfHome = options.fleetOfHome?.route(local)
  const links = createSessionLinks({
    home,
    hosts: routed?.hosts ?? hosts,
    logs,
    breadcrumbs,
    findLogs: routed?.findLogs,
  })
  const takeTurn = limitConcurrency(maxLongReads)
  const readInTurn = <Value>(read: () => Promise<Value>) => takeTurn(() => takeLongRead(read))

  /**
   * Forwards a request to the host of its session, which validates it. If the host dies, only a repeatable request goes to the
   * next one: input or an interrupt must not arrive twice.
   */
  const forward = (method: string, params: unknown, {peer}: HandlerContext) =>
    links
      .linkTo(sessionIdOf(method, params), peer)
      .request(method, params as object, {repeatable: repeatable.has(method)})

  const own = {
    ...createSessionMethods({home, hosts, logs, links, breadcrumbs, caller, readInTurn}),
    'sessions.watch': async () => await sessionsWatch.start(),
    'sessions.unwatch': () => {
      sessionsWatch.stop()
      return {}
    },
  } satisfies MethodTable<HandlerContext>
  const deletes = routedOfHome && {'session.delete': routedOfHome.methods(own)['session.delete']}
  const table: MethodTable<HandlerContext> = {...own, ...routed?.methods(own), ...deletes}

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
  const list = () => readInTurn(() => summarizeSessions({home, hosts, logs}))
  const sessionsWatch = watchSessions({home, hosts, logs, list, sender: routed?.sender ?? sender})
  client.notify('event', {type: 'gateway.ready', payload: greet(version, caller)})

  const closed = client.closed.then(async (reason) => {
    sessionsWatch.stop()
    routed?.close()
    routedOfHome?.close()
    await links.closeAll()
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
