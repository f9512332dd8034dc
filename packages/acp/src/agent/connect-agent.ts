import {AGENT_METHODS, CLIENT_METHODS, PROTOCOL_VERSION} from '@agentclientprotocol/sdk'
import type {Breadcrumbs} from '@holdfast/breadcrumbs'
import {
  type CloseReason,
  createConnection,
  RpcError,
  rpcErrorCodes,
  type SchemaOutput,
  type StandardSchema,
} from '@holdfast/rpc'
import {awaitReady, startChild} from '@holdfast/supervisor'
import {createChildTransport} from '@holdfast/transport/stdio'

import {readUpdate} from '../events/read-update.ts'
import type {UpdateEvent} from '../events/update-events.ts'
import {type Initialized, initialized} from '../schema/answers.ts'
import {AcpError} from './acp-error.ts'
import type {Diagnostics} from './diagnostics.ts'
import {messageOf} from './message-of.ts'
import {endGroup, MARK_VARIABLE} from './find-survivors.ts'
import {serveAgent, type Services} from './serve-agent.ts'

/** How to start an agent. */
export interface AgentCommand {
  /** For events, errors and breadcrumbs. */
  name: string
  command: string
  args?: readonly string[] | undefined
  /** Merged into the environment of this process; `undefined` removes a variable. */
  env?: Readonly<Record<string, string | undefined>> | undefined
}

export interface ConnectOptions {
  agent: AgentCommand
  cwd: string
  /** In the environment of the agent and of all that it starts. */
  mark: string
  generation: number
  startTimeoutMs: number
  clientInfo: {name: string; version: string}
  breadcrumbs: Breadcrumbs
  services: Services
  diagnostics: Diagnostics
  update(sessionId: string, event: UpdateEvent): void
}

/** A running agent that has answered `initialize`. */
export interface AgentConnection {
  readonly pid: number | undefined
  readonly initialized: Initialized
  /** Rejects as `request` of @holdfast/rpc does: `SchemaError` if the answer makes no sense. */
  request<Schema extends StandardSchema>(
    method: string,
    params: object,
    how: {result: Schema; timeoutMs?: number; signal?: AbortSignal},
  ): Promise<SchemaOutput<Schema>>
  notify(method: string, params: object): void
  /** Resolves when the agent has exited and its last message was read. */
  readonly closed: Promise<CloseReason>
  /** Ends the agent with its process group: its stdin, then SIGTERM, then SIGKILL. */
  stop(reason: string): Promise<void>
}

/** Starts an agent and initializes it. Rejects with `StartError` or `AcpError`; then nothing of it is left running. */
export async function connectAgent(options: ConnectOptions, signal: AbortSignal): Promise<AgentConnection> {
  const {agent, cwd, mark, generation, startTimeoutMs, breadcrumbs, services, diagnostics, update} = options
  const {name} = agent
  const env = {...agent.env, [MARK_VARIABLE]: mark}
  const child = startChild({name, command: agent.command, args: agent.args, cwd, env, generation, breadcrumbs})
  // The group of an agent that was stopped is ended by `stop`.
  void child.exited.then(({pid, requested}) => pid !== undefined && !requested && endGroup(pid))
  const connection = createConnection(createChildTransport(child), {
    handlers: serveAgent(services, diagnostics),
    fallback(method) {
      diagnostics.report('request', `${method} is not supported`)
      throw new RpcError(rpcErrorCodes.methodNotFound, `\`${method}\` is not supported`)
    },
    cancel: 'acp',
    // A turn may take hours; other requests pass a bound of their own.
    timeoutMs: Infinity,
    maxServed: 256,
    onNoise: (message) => diagnostics.report('output', message),
    onFault: (error, {method}) => diagnostics.report('handler', `${method}: ${messageOf(error)}`),
  })
  connection.subscribe(CLIENT_METHODS.session_update, (params) => {
    const read = readUpdate(params)
    if ('event' in read) update(read.sessionId, read.event)
    else diagnostics.report('update', read.problem)
  })
  // An agent that has closed its stdout, but lives, is of no use.
  const closed = connection.closed.then(async (reason) => {
    await child.stop('its connection is closed', {graceMs: 500, killAfterMs: 500})
    return reason
  })

  const stop = async (reason: string): Promise<void> => {
    await child.stop(reason)
    await closed
  }
  const abort = () => void stop('it is not wanted any more').catch(() => {})
  signal.addEventListener('abort', abort, {once: true})
  try {
    signal.throwIfAborted()
    const answer = connection.request(AGENT_METHODS.initialize, initializeParams(options), {result: initialized})
    const facts = await awaitReady(child, answer, {name, timeoutMs: startTimeoutMs, breadcrumbs})
    if (facts.protocolVersion !== PROTOCOL_VERSION) {
      const spoken = `version ${facts.protocolVersion} of the Agent Client Protocol`
      throw new AcpError('wrong-version', `${name} speaks ${spoken}, but ${PROTOCOL_VERSION} is required`)
    }
    return {
      pid: child.pid,
      initialized: facts,
      request: (method, params, how) => connection.request(method, params, how),
      notify: (method, params) => void connection.notify(method, params),
      closed,
      stop,
    }
  } catch (error) {
    await stop('it did not initialize')
    throw error
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

function initializeParams({services, clientInfo}: ConnectOptions): object {
  const hasFiles = services.folders !== undefined
  return {
    protocolVersion: PROTOCOL_VERSION,
    clientInfo,
    clientCapabilities: {
      fs: {readTextFile: hasFiles, writeTextFile: hasFiles},
      terminal: services.terminals !== undefined,
      auth: {terminal: true},
      session: {compaction: {}, notices: {}, configOptions: {boolean: {}}},
    },
  }
}
