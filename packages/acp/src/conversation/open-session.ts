import {setTimeout as delay} from 'node:timers/promises'

import {AGENT_METHODS, type McpServer} from '@agentclientprotocol/sdk'
import {isRpcError} from '@holdfast/rpc'
import * as z from 'zod'

import {AcpError} from '../agent/acp-error.ts'
import type {AgentConnection} from '../agent/connect-agent.ts'
import {messageOf} from '../agent/message-of.ts'
import {AUTH_REQUIRED, judgeRestore} from '../recovery/judge-restore.ts'
import {planRestore, type RestoreFacts, type RestorePlan} from '../recovery/plan-restore.ts'
import {createReplayCounter, type ReplayCounter} from '../recovery/replay-counter.ts'
import {newSession, restoredSession} from '../schema/answers.ts'
import type {ConversationTiming} from './conversation.ts'
import type {SavedSession} from './saved-session.ts'

export interface OpenOptions {
  connection: AgentConnection
  /** The session to bring back. */
  saved: SavedSession | undefined
  /** Of a new session. */
  cwd: string
  mcpServers: readonly McpServer[]
  /** The method of the user's last login. */
  login: string | undefined
  timing: ConversationTiming
  signal: AbortSignal
  /** While a session is being restored, what the agent sends is given to this counter. */
  onReplay(replay: ReplayCounter | undefined): void
  onNotRestored(reason: Extract<RestorePlan, {kind: 'stop'}>['reason'], error: unknown): void
}

export interface OpenedSession {
  session: SavedSession
  /** Undefined for a new one. */
  restored: {by: 'resume' | 'load'; missing: number} | undefined
  /** The agent's answer, of which the settings are not validated yet. */
  answer: unknown
}

/** Opens the session of an agent. A new one begins only if there is none to bring back, or one in which nothing was said. */
export async function openSession(options: OpenOptions): Promise<OpenedSession> {
  try {
    return await open(options)
  } catch (error) {
    if (!isAuthRequired(error) || options.login === undefined) throw error
    // The user chose this method for the agent that ran before.
    await authenticate(options.connection, options.login, options.timing.loginTimeoutMs, options.signal)
    return open(options)
  }
}

export async function authenticate(
  connection: AgentConnection,
  methodId: string,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<void> {
  await connection.request(
    AGENT_METHODS.authenticate,
    {methodId},
    {result: z.unknown(), timeoutMs, ...(signal && {signal})},
  )
}

async function open(options: OpenOptions): Promise<OpenedSession> {
  const {saved, onNotRestored} = options
  return saved ? restore(saved, options, onNotRestored) : begin(options)
}

async function begin({connection, cwd, mcpServers, timing, signal}: OpenOptions): Promise<OpenedSession> {
  const how = {result: newSession, timeoutMs: timing.sessionTimeoutMs, signal}
  const answer = await connection
    .request(AGENT_METHODS.session_new, {cwd, mcpServers}, how)
    .catch((error: unknown) => Promise.reject(toAuthError(connection, error)))
  return {session: {sessionId: answer.sessionId, cwd, prompts: 0}, restored: undefined, answer}
}

async function restore(
  saved: SavedSession,
  options: OpenOptions,
  onNotRestored: OpenOptions['onNotRestored'],
): Promise<OpenedSession> {
  const {connection} = options
  const {agentCapabilities} = connection.initialized
  const facts = {
    canResume: agentCapabilities?.sessionCapabilities?.resume === true,
    canLoad: agentCapabilities?.loadSession === true,
    prompts: saved.prompts,
  }
  const tried: RestoreFacts['tried'][number][] = []
  let last: Attempt | undefined
  for (;;) {
    const plan = planRestore({...facts, tried})
    switch (plan.kind) {
      case 'try':
        last = await attempt(plan.by, saved, options)
        tried.push({by: plan.by, verdict: judgeRestore(last.outcome)})
        break
      case 'new':
        return begin(options)
      case 'restored': {
        const missing = plan.by === 'load' ? Math.max(saved.prompts - (last?.replayed ?? 0), 0) : 0
        return {session: saved, restored: {by: plan.by, missing}, answer: answerOf(last)}
      }
      case 'stop': {
        const error = errorOf(last)
        // The agent exited, or this side ended it: that says nothing about the session, and is reported by itself.
        if (plan.reason === 'gone' || plan.reason === 'cancelled') throw error
        onNotRestored(plan.reason, error)
        if (plan.reason === 'auth-required') throw toAuthError(connection, error)
        throw new AcpError('not-restored', describe(plan.reason, error), {cause: error})
      }
    }
  }
}

interface Attempt {
  outcome: {answer: unknown} | {error: unknown}
  /** Prompts that were replayed. */
  replayed: number
}

async function attempt(
  by: 'resume' | 'load',
  {sessionId, cwd}: SavedSession,
  {connection, mcpServers, timing, signal, onReplay}: OpenOptions,
): Promise<Attempt> {
  const replay = createReplayCounter()
  onReplay(replay)
  try {
    const method = by === 'resume' ? AGENT_METHODS.session_resume : AGENT_METHODS.session_load
    // Validated later: an answer without an error is success, whatever is in it.
    const how = {result: z.unknown(), timeoutMs: timing.sessionTimeoutMs, signal}
    const answer = await connection.request(method, {sessionId, cwd, mcpServers}, how)
    if (by === 'load') await replayEnded(replay, timing.quietMs, signal)
    return {outcome: {answer}, replayed: replay.prompts}
  } catch (error) {
    return {outcome: {error}, replayed: replay.prompts}
  } finally {
    onReplay(undefined)
  }
}

/** Some agents answer before they have sent the whole history. Waits 20 times at most. */
async function replayEnded(replay: ReplayCounter, quietMs: number, signal: AbortSignal): Promise<void> {
  for (let turn = 0; turn < 20; turn++) {
    const before = replay.taken
    await delay(quietMs, undefined, {signal})
    if (replay.taken === before) return
  }
}

function answerOf(last: Attempt | undefined): unknown {
  const answer = last && 'answer' in last.outcome ? last.outcome.answer : undefined
  const parsed = restoredSession.safeParse(answer)
  return parsed.success ? parsed.data : undefined
}

function errorOf(last: Attempt | undefined): unknown {
  return last && 'error' in last.outcome ? last.outcome.error : undefined
}

function isAuthRequired(error: unknown): boolean {
  return error instanceof AcpError && error.code === 'auth-required'
}

/** The error that says how to log in, if that is what the agent asks for. */
function toAuthError({initialized}: AgentConnection, error: unknown): unknown {
  if (!isRpcError(error) || error.code !== AUTH_REQUIRED) return error
  const methods = initialized.authMethods.map(({id, name}) => `${id} (${name})`).join(', ')
  const how = methods === '' ? 'with its own command' : `with one of its methods: ${methods}`
  return new AcpError('auth-required', `The agent asks for a login (${messageOf(error)}): log in ${how}`, {
    cause: error,
  })
}

function describe(reason: 'unsupported' | 'refused' | 'timed-out' | 'auth-required', error: unknown): string {
  if (reason === 'unsupported') return 'The agent cannot bring a session back: begin a new one'
  const how = reason === 'timed-out' ? 'did not bring the session back in time' : 'refused to bring the session back'
  return `The agent ${how}: ${messageOf(error)}`
}
