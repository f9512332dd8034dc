import {noBreadcrumbs} from '@holdfast/breadcrumbs'
import type {CloseReason} from '@holdfast/rpc'

import {type AgentConnection, connectAgent} from '../agent/connect-agent.ts'
import {createDiagnostics, type Diagnostics} from '../agent/diagnostics.ts'
import {findSurvivors} from '../agent/find-survivors.ts'
import {messageOf} from '../agent/message-of.ts'
import type {UpdateEvent} from '../events/update-events.ts'
import {createQuestions, type Questions} from '../permissions/questions.ts'
import type {ReplayCounter} from '../recovery/replay-counter.ts'
import type {ConversationEvent} from './conversation-event.ts'
import type {ConversationOptions, ConversationTiming} from './conversation.ts'
import {type OpenedSession, openSession} from './open-session.ts'
import type {SavedSession} from './saved-session.ts'

export interface InstanceOptions extends ConversationOptions {
  mark: string
  timing: ConversationTiming
  generation: number
  saved: SavedSession | undefined
  login: string | undefined
  emit(event: ConversationEvent): void
  /** An update that is not a part of a replay. */
  onUpdate(event: UpdateEvent): void
  /** Called as soon as the agent has said what it can do. */
  onInitialized(connection: AgentConnection): void
}

/** A running agent with its session. */
export interface AgentInstance {
  connection: AgentConnection
  opened: OpenedSession
  questions: Questions
  diagnostics: Diagnostics
  /** False once the connection is closed. */
  isOpen(): boolean
  /** Resolves after the exit of the agent was reported. */
  closed: Promise<CloseReason>
  stop(reason: string): Promise<void>
}

/** Starts an agent, and opens its session. If that fails, nothing is left running. */
export async function startInstance(options: InstanceOptions, signal: AbortSignal): Promise<AgentInstance> {
  const {agent, saved, mark, timing, generation, emit, onUpdate, terminals, folders, decide} = options
  const {clientInfo = {name: 'holdfast', version: '0.0.0'}, breadcrumbs = noBreadcrumbs, mcpServers = []} = options
  const cwd = saved?.cwd ?? options.cwd
  const diagnostics = createDiagnostics(emit)
  const questions = createQuestions({emit, decide})
  /** Undefined until a new session has its id: what arrives before belongs to it. */
  let sessionId = saved?.sessionId
  let replay: ReplayCounter | undefined
  let isOpen = true
  let isStopping = false

  const connection = await connectAgent(
    {
      agent,
      cwd,
      mark,
      generation,
      startTimeoutMs: timing.startTimeoutMs,
      clientInfo,
      breadcrumbs,
      diagnostics,
      services: {
        questions,
        folders: folders === false ? undefined : () => [cwd, ...(folders ?? [])],
        fileWritten: (path) => emit({type: 'file.written', path}),
        terminals,
        isOurSession: isOurs,
      },
      update(id, event) {
        if (!isOurs(id)) diagnostics.report('update', `${event.type} is for another session`)
        else if (!replay?.take(event)) onUpdate(event)
      },
    },
    signal,
  )
  emit({type: 'agent.ready', generation, pid: connection.pid, agent: connection.initialized})
  options.onInitialized(connection)
  const closed = connection.closed.then((reason) => {
    isOpen = false
    terminals?.agentGone()
    const survivors = findSurvivors(mark, connection.pid)
    emit({
      type: 'agent.exit',
      generation,
      requested: isStopping,
      reason,
      survivors,
      unreported: diagnostics.unreported,
    })
    return reason
  })

  function isOurs(id: string): boolean {
    return sessionId === undefined || id === sessionId
  }

  async function stop(reason: string): Promise<void> {
    isStopping = true
    await connection.stop(reason)
    await closed
  }

  const abort = () => void stop('it is not wanted any more').catch(() => {})
  signal.addEventListener('abort', abort, {once: true})
  try {
    const opened = await openSession({
      connection,
      saved,
      cwd,
      mcpServers,
      login: options.login,
      timing,
      signal,
      onReplay: (counter) => (replay = counter),
      onNotRestored(reason, error) {
        if (!saved) return
        const what = error === undefined ? {} : {error: messageOf(error)}
        emit({type: 'session.not-restored', session: saved, reason, ...what})
      },
    })
    sessionId = opened.session.sessionId
    return {connection, opened, questions, diagnostics, isOpen: () => isOpen, closed, stop}
  } catch (error) {
    await stop('it has no session')
    throw error
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
