import {randomUUID} from 'node:crypto'

import {AGENT_METHODS} from '@agentclientprotocol/sdk'
import {type CloseReason, isRpcError, isSchemaError} from '@holdfast/rpc'
import {isRecoveryError, isStartError} from '@holdfast/supervisor'
import {supervise, type Supervisor, type SupervisorStatus} from '@holdfast/supervisor/supervise'
import * as z from 'zod'

import {AcpError, isAcpError} from '../agent/acp-error.ts'
import {messageOf} from '../agent/message-of.ts'
import type {UpdateEvent} from '../events/update-events.ts'
import {createToolLedger} from '../recovery/tool-ledger.ts'
import {type Initialized, optionsChanged, sessionList} from '../schema/answers.ts'
import type {ConversationEvent} from './conversation-event.ts'
import type {Conversation, ConversationOptions, ConversationState, ConversationTiming} from './conversation.ts'
import {authenticate as authenticateAt} from './open-session.ts'
import {createTurn, type Turn} from './run-turn.ts'
import {readSettings, reduceSettings, type SessionSettings} from './session-settings.ts'
import {type AgentInstance, startInstance} from './start-instance.ts'

/** For agents that have a list of models instead of an option for them. The SDK has no constant for it any more. */
const SET_MODEL = 'session/set_model'

const defaultTiming: ConversationTiming = {
  startTimeoutMs: 60_000,
  sessionTimeoutMs: 90_000,
  requestTimeoutMs: 30_000,
  loginTimeoutMs: 300_000,
  cancelTimeoutMs: 10_000,
  silenceMs: 120_000,
  quietMs: 25,
}

/**
 * A conversation with a coding agent that speaks the Agent Client Protocol over stdio. When the agent dies, it is started
 * again within a budget, and gets its session back. The first call that needs the agent starts it.
 */
export function createConversation(options: ConversationOptions): Conversation {
  const {onEvent, mark = randomUUID()} = options
  const timing = {...defaultTiming, ...options.timing}
  const tools = createToolLedger()
  let session = options.session
  let settings: SessionSettings = {}
  let initialized: Initialized | undefined
  let login: string | undefined
  let generation = 0
  let supervisor: Supervisor<AgentInstance> | undefined
  let live: AgentInstance | undefined
  let turn: Turn | undefined
  let lastPromptId: string | undefined
  let isClosed = false
  /** The end of an agent that hibernates: no other may use its session meanwhile. */
  let ended = Promise.resolve()

  function emit(event: ConversationEvent): void {
    if (event.type === 'question') tools.asked(event.question)
    else if (event.type === 'question.end') tools.answered(event.questionId, event.end)
    try {
      onEvent?.(event)
    } catch (error) {
      queueMicrotask(() => {
        throw error
      })
    }
  }

  function onUpdate(event: UpdateEvent): void {
    settings = reduceSettings(settings, event)
    if (event.type === 'tool' || event.type === 'tool.update') tools.take(event.tool, event.type === 'tool')
    turn?.heard()
    emit({...event, promptId: lastPromptId, ...(!turn && lastPromptId !== undefined && {late: true})})
  }

  async function start(signal: AbortSignal) {
    await ended
    signal.throwIfAborted()
    generation += 1
    const number = generation
    emit({type: 'agent.start', generation: number})
    const instance = await startInstance(
      {
        ...options,
        mark,
        timing,
        generation: number,
        saved: session,
        login,
        emit,
        onUpdate,
        onInitialized: (connection) => (initialized = connection.initialized),
      },
      signal,
    )
    const {opened, diagnostics} = instance
    if (signal.aborted) {
      await instance.stop('it is not wanted any more')
      throw signal.reason
    }
    session = opened.session
    settings = {...settings, ...readSettings(opened.answer, diagnostics)}
    live = instance
    if (opened.restored) emit({type: 'session.restored', ...opened.restored, session, settings})
    else emit({type: 'session.new', session, settings})
    const closed = instance.closed.then((reason) => {
      if (live === instance) live = undefined
      return reason
    })
    return {value: instance, closed, close: instance.stop}
  }

  function running(): Supervisor<AgentInstance> {
    if (isClosed) throw new Error('The conversation is closed')
    supervisor ??= supervise<AgentInstance, CloseReason>({
      start: (_generation, signal) => start(signal),
      // Each step of a start has a bound of its own, and ends before this.
      startTimeoutMs: timing.startTimeoutMs + 4 * timing.sessionTimeoutMs + timing.loginTimeoutMs + 30_000,
      isStartable,
      onStatus,
    })
    return supervisor
  }

  function onStatus(status: SupervisorStatus<CloseReason>): void {
    if (status.kind !== 'recovering' && status.kind !== 'gave-up') return
    const error = status.error === undefined ? {} : {error: messageOf(status.error)}
    if (status.kind === 'gave-up') {
      const code = isAcpError(status.error) ? {code: status.error.code} : {}
      return emit({type: 'agent.gave-up', ...error, ...code})
    }
    const {attempt, of, crashLoop = false} = status
    emit({type: 'agent.recovering', attempt, of, crashLoop, ...error})
  }

  /** The running agent. Rejects with the error that ended the attempts to start it, if that is one of ours. */
  async function current(signal?: AbortSignal): Promise<AgentInstance> {
    try {
      return await running().current({signal})
    } catch (error) {
      throw isRecoveryError(error) && isAcpError(error.cause) ? error.cause : error
    }
  }

  async function retry(): Promise<void> {
    running().retry()
    await current()
  }

  async function request<Schema extends z.ZodType>(method: string, params: object, result: Schema) {
    const {connection, opened} = await current()
    const {sessionId} = opened.session
    return connection.request(method, {sessionId, ...params}, {result, timeoutMs: timing.requestTimeoutMs})
  }

  async function setOption(optionId: string, value: string | boolean): Promise<void> {
    const params = {configId: optionId, value, ...(typeof value === 'boolean' && {type: 'boolean'})}
    const changed = await request(AGENT_METHODS.session_set_config_option, params, optionsChanged)
    if (changed?.configOptions) onUpdate({type: 'options', options: changed.configOptions})
  }

  return {
    get state(): ConversationState {
      const status = isClosed ? 'closed' : statusOf(supervisor?.status, live)
      const questions = live?.questions.open ?? []
      return {status, session, promptId: turn?.promptId, questions, settings, agent: initialized}
    },
    async open() {
      await current()
    },
    async prompt(prompt, {promptId = randomUUID()} = {}) {
      if (turn) throw new AcpError('busy', 'The agent is answering another prompt: wait for its end')
      const mine = (turn = createTurn(promptId))
      try {
        return await mine.run({
          prompt,
          current,
          timing,
          emit,
          send(instance) {
            // An object of its own for each event: the program may keep it.
            session = {...instance.opened.session, prompts: (session?.prompts ?? 0) + 1}
            instance.opened.session = session
            lastPromptId = promptId
            emit({type: 'prompt.sent', promptId, session})
          },
          restart: (reason) => supervisor?.restart(reason),
          cutShort: tools.cutShort,
          // Before its end is reported: the program may send the next one at once.
          ended: () => (turn = undefined),
        })
      } finally {
        if (turn === mine) turn = undefined
      }
    },
    cancel: () => turn?.cancel() ?? false,
    answer: (questionId, optionId) => live?.questions.answer(questionId, optionId) ?? false,
    async setMode(modeId) {
      await request(AGENT_METHODS.session_set_mode, {modeId}, z.unknown())
      if (settings.modes?.currentModeId !== modeId) onUpdate({type: 'mode', modeId})
    },
    async setModel(modelId) {
      await current()
      const option = settings.options?.find(({category}) => category === 'model')
      if (option) return setOption(option.id, modelId)
      if (!settings.models) throw new AcpError('unsupported', 'This agent has no choice of models')
      await request(SET_MODEL, {modelId}, z.unknown())
      settings = {...settings, models: {...settings.models, currentModelId: modelId}}
    },
    setOption,
    async authenticate(methodId) {
      login = methodId
      if (live) await authenticateAt(live.connection, methodId, timing.loginTimeoutMs)
      else await retry()
    },
    async list({cwd, cursor} = {}) {
      const {connection} = await current()
      if (!connection.initialized.agentCapabilities?.sessionCapabilities?.list) {
        throw new AcpError('unsupported', 'This agent does not list its sessions')
      }
      const params = {...(cwd !== undefined && {cwd}), ...(cursor !== undefined && {cursor})}
      const how = {result: sessionList, timeoutMs: timing.requestTimeoutMs}
      return connection.request(AGENT_METHODS.session_list, params, how)
    },
    retry,
    async startAfresh() {
      if (turn) throw new AcpError('busy', 'The agent is answering a prompt: cancel it first')
      session = undefined
      settings = {}
      running().restart('a new session')
      await current()
    },
    async hibernate() {
      if (turn) return false
      const old = supervisor
      supervisor = undefined
      if (old) ended = old.close('hibernation').catch(() => {})
      await ended
      return true
    },
    async close() {
      if (isClosed) return
      isClosed = true
      const ending = live
      if (ending?.connection.initialized.agentCapabilities?.sessionCapabilities?.close) {
        const {sessionId} = ending.opened.session
        const how = {result: z.unknown(), timeoutMs: 2000}
        await ending.connection.request(AGENT_METHODS.session_close, {sessionId}, how).catch(() => {})
      }
      await supervisor?.close('the conversation is closed')
    },
  }
}

/** An answer of the agent is not changed by starting it again. */
function isStartable(error: unknown): boolean {
  if (isStartError(error)) return error.exit.startable
  return !isAcpError(error) && !isRpcError(error) && !isSchemaError(error)
}

function statusOf(
  status: SupervisorStatus<unknown> | undefined,
  live: AgentInstance | undefined,
): ConversationState['status'] {
  if (live?.isOpen() === true) return 'ready'
  if (!status) return 'idle'
  return status.kind === 'live' || status.kind === 'closed' ? 'starting' : status.kind
}
