import {
  createConversation,
  endSurvivors,
  findSurvivors,
  type Conversation,
  type ConversationEvent,
  type ConversationTiming,
  type Question,
} from '@holdfast/acp'
import type {Breadcrumbs} from '@holdfast/breadcrumbs'
import {errorCodes, type AgentState, type NewEvent, type PermissionPolicy} from '@holdfast/protocol'
import {isRpcError, RpcError} from '@holdfast/rpc'
import type {Size} from '@holdfast/shell'

import type {Agent, AgentControl, PromptWatch} from '../agent.ts'
import type {AgentSetup} from './agent-setup.ts'
import {createCauses} from './causes.ts'
import {decideByPolicy} from './decide-by-policy.ts'
import {createDelayedText} from './delayed-text.ts'
import {createHostTerminals} from './host-terminals.ts'
import {createKnownTools} from './known-tools.ts'
import {createQuestionChoices} from './question-choices.ts'
import {reportEvent, toSurvivors} from './report-event.ts'
import {toOutcome} from './to-outcome.ts'
import {toSettings} from './to-settings.ts'
import {toTool} from './to-tool.ts'

export interface AcpAgentOptions {
  name: string
  setup: AgentSetup
  /** In the environment of all that the agent starts. */
  mark: string
  /** More variables for the agent. */
  env?: Readonly<Record<string, string>>
  /** The folder of a new session. */
  cwd: string
  /** What the log knows of an agent that ran before. */
  before: AgentState | undefined
  /** The policy of the session, at this moment. */
  policy: () => PermissionPolicy | undefined
  /** The version of this program, which the agent gets. */
  version: string
  breadcrumbs: Breadcrumbs
  /** Of the terminals in which commands of the agent run. */
  size: Size
  timing?: Partial<ConversationTiming> | undefined
}

/** What is kept of an agent that writes while the log cannot be written, bytes; what comes then is counted. */
const maxPausedBytes = 16 * 1024 * 1024

/**
 * Creates an agent that gives prompts to a coding agent, over the Agent Client Protocol. The coding agent starts with the first
 * prompt, or at once for a session without prompts. When it dies, it comes back with its session.
 */
export function createAcpAgent(options: AcpAgentOptions): Agent & {control: AgentControl} {
  const {name, setup, mark, env, cwd, before, policy, version, breadcrumbs, size, timing} = options
  const knownTools = createKnownTools()
  const choices = createQuestionChoices()
  let onEvent: ((event: NewEvent) => void) | undefined
  let onTitle: ((title: string) => void) | undefined
  let onBackgroundOutput: ((data: Uint8Array) => void) | undefined
  /** Of the prompt that runs, or ran last: questions may come late. */
  let watch: PromptWatch | undefined
  /** Of that prompt. Before the first one, events need an id, too. */
  let promptId = mark
  let isRunning = false
  let hasDied = false
  let agentPid: number | undefined
  /** Since the log could not be written any more. */
  let paused: {bytes: number; elided: number} | undefined
  let lastSettings = ''
  /** Who sets something or restarts the agent at this moment: what changes meanwhile is their doing, if it is one alone. */
  const causes = createCauses()

  /** Whether there is room for a text, which is then taken; what is refused is counted. */
  const takeRoom = (text: string): boolean => {
    if (paused === undefined) return true
    const bytes = Buffer.byteLength(text)
    paused.bytes += bytes
    if (paused.bytes <= maxPausedBytes) return true
    paused.elided += bytes
    return false
  }
  const log = (event: NewEvent) => {
    thoughts.flush()
    onEvent?.(event)
  }
  const thoughts = createDelayedText((text, prompt_id) =>
    onEvent?.({type: 'thought.delta', payload: {prompt_id, text}}),
  )

  const reports = {
    say(text: string) {
      thoughts.flush()
      if (!takeRoom(text)) return
      if (isRunning) watch?.onText(text)
      else onBackgroundOutput?.(Buffer.from(text))
    },
    think(text: string, id: string) {
      if (takeRoom(text)) thoughts.add(text, id)
    },
    log,
    title: (title: string) => onTitle?.(title),
    settingsChanged() {
      const payload = toSettings(conversation.state.settings)
      const json = JSON.stringify(payload)
      if (json === lastSettings) return
      lastSettings = json
      log({type: 'agent.settings', payload: {...payload, by: causes.only()}})
    },
  }

  const ask = (question: Question) => {
    const {toolCallId} = question.tool
    // Some agents say what they want to do only here.
    if (knownTools.isNews(question.tool)) log({type: 'tool.update', payload: toTool(promptId, question.tool)})
    if (choices.isDecided(question.id)) return
    const asked = choices.add(question, knownTools.titleOf(question.tool))
    try {
      watch?.onApproval({...asked, toolCallId})
    } catch (error) {
      if (!isRpcError(error)) throw error
      // Too many are open: nobody will answer this one.
      const refusal = question.options.find(({kind}) => kind.startsWith('reject'))
      if (refusal === undefined) conversation.cancel()
      else queueMicrotask(() => conversation.answer(question.id, refusal.optionId))
    }
  }

  const endQuestion = ({questionId, end}: Extract<ConversationEvent, {type: 'question.end'}>) => {
    const prompt_id = promptId
    const choice = end.kind === 'answered' ? choices.idOf(questionId, end.optionId) : undefined
    const isOpen = choices.forget(questionId)
    if (end.kind === 'answered') {
      if (end.by === 'user' || choice === undefined) return
      return log({type: 'approval.resolved', payload: {prompt_id, approval_id: questionId, choice, by: 'policy'}})
    }
    if (!isOpen) return
    const reason = end.kind === 'cancelled' ? 'the prompt was interrupted' : end.reason
    log({type: 'approval.withdrawn', payload: {prompt_id, approval_id: questionId, reason}})
  }

  const take = (event: ConversationEvent) => {
    if (event.type === 'tool' || event.type === 'tool.update') knownTools.note(event.tool)
    if (event.type === 'agent.ready') agentPid = event.pid
    if (event.type === 'agent.exit') hasDied = true
    if (event.type === 'question') ask(event.question)
    else if (event.type === 'question.end') endQuestion(event)
    else reportEvent(event, reports, {agent: conversation.state.agent, pid: agentPid, by: causes.only()})
  }

  // A process of Holdfast that a command starts gets a variable of its own.
  const commandEnv = {...process.env, ...env, HOLDFAST_INSTANCE: undefined}
  const terminals = createHostTerminals({cwd: before?.session?.cwd ?? cwd, env: commandEnv, size, log})

  const conversation: Conversation = createConversation({
    agent: {name, command: setup.command, args: setup.args, env: {...env, ...setup.env}},
    cwd,
    session: before?.session && {
      sessionId: before.session.id,
      cwd: before.session.cwd,
      prompts: before.session.prompts,
    },
    onEvent: take,
    mcpServers: setup.mcpServers,
    folders: setup.folders,
    terminals,
    decide(question) {
      const {kind} = knownTools.of(question.tool)
      const optionId = decideByPolicy(question.options, kind, {...setup.policy, ...policy()})
      if (optionId !== undefined) choices.decide(question)
      return optionId
    },
    mark,
    clientInfo: {name: 'holdfast', version},
    breadcrumbs,
    timing,
  })

  /** For calls whose outcome events tell. */
  const forget = (work: Promise<unknown>) => void work.catch(() => undefined)

  if (before?.is_ready === true) {
    // Its host was killed. Two agents must not use one session.
    const left = findSurvivors(mark)
    endSurvivors(left.filter(({group}) => group === before.pid))
    const survivors = toSurvivors(left.filter(({group}) => group !== before.pid))
    queueMicrotask(() => log({type: 'agent.exited', payload: {reason: 'its host died', ...survivors}}))
  }
  // An old session is brought back when it is needed: an agent may use hundreds of megabytes.
  if (before === undefined) queueMicrotask(() => forget(conversation.open()))

  return {
    async prompt(typed, nextWatch, {promptId: id = mark, context = []} = {}) {
      watch = nextWatch
      promptId = id
      isRunning = true
      hasDied = false
      nextWatch.onStart()
      try {
        // The user tries again what was given up.
        if (conversation.state.status === 'gave-up') await conversation.retry()
        const parts = [...context.map((text) => ({type: 'text', text}) as const), {type: 'typed', text: typed} as const]
        return toOutcome(await conversation.prompt(parts, {promptId: id}), hasDied)
      } finally {
        thoughts.flush()
        isRunning = false
      }
    },
    hasTerminal: () => false,
    // An agent reads no input besides prompts and answers.
    input: () => false,
    interrupt: () => void conversation.cancel(),
    answer(approvalId, choice) {
      const optionId = choices.optionOf(approvalId, choice)
      if (optionId !== undefined) conversation.answer(approvalId, optionId)
    },
    resize() {},
    pause() {
      paused ??= {bytes: 0, elided: 0}
      terminals.pause()
    },
    resume() {
      terminals.resume()
      const elided = paused?.elided ?? 0
      paused = undefined
      if (elided > 0) log({type: 'output.elided', payload: {prompt_id: promptId, bytes: elided}})
    },
    onEvent: (listener) => void (onEvent = listener),
    onTitle: (listener) => void (onTitle = listener),
    onBackgroundOutput: (listener) => void (onBackgroundOutput = listener),
    control: {
      set: (setting, by) =>
        causes.during(by, async () => {
          if ('mode' in setting) return setMode(conversation, setting.mode)
          if ('model' in setting) return setModel(conversation, setting.model)
          await conversation.setOption(setting.option, setting.value)
        }),
      restart: ({isFresh}, by) =>
        forget(causes.during(by, () => (isFresh ? conversation.startAfresh() : conversation.retry()))),
      login(methodId, by) {
        const isLive = conversation.state.status === 'ready'
        conversation.authenticate(methodId).then(
          () => log({type: 'note', payload: {text: 'Logged in', level: 'info', by}}),
          // Else the attempt to start the agent reports it.
          (error: Error) => isLive && log({type: 'note', payload: {text: error.message, level: 'warning', by}}),
        )
      },
      hibernate: async () => void (await conversation.hibernate()),
      hibernateAfterMs: setup.hibernateAfterMs,
    },
    async close() {
      await Promise.all([conversation.close(), terminals.close()])
      endSurvivors(findSurvivors(mark))
    },
  }
}

async function setMode(conversation: Conversation, mode: string): Promise<void> {
  await conversation.open()
  const {modes, options} = conversation.state.settings
  const option = options?.find(({category}) => category === 'mode')
  requireChoice('mode', mode, toSettings(conversation.state.settings).mode)
  if (modes !== undefined) await conversation.setMode(mode)
  else if (option !== undefined) await conversation.setOption(option.id, mode)
}

async function setModel(conversation: Conversation, model: string): Promise<void> {
  await conversation.open()
  requireChoice('model', model, toSettings(conversation.state.settings).model)
  await conversation.setModel(model)
}

function requireChoice(what: string, id: string, setting: {choices: readonly {id: string}[]} | undefined): void {
  const ids = setting?.choices.map((choice) => choice.id) ?? []
  if (ids.includes(id)) return
  const expected = ids.length === 0 ? `no ${what}: this agent has no choice of them` : `one of ${ids.join(', ')}`
  throw new RpcError(errorCodes.notAllowed, `Expected ${expected}, got \`${id}\``)
}
