import {errorCodes, type Activity, type NewEvent, type SessionState} from '@holdfast/protocol'
import {RpcError} from '@holdfast/rpc'

import type {AgentActivity} from '../agent/agent.ts'
import {createAttachments} from './attachments.ts'
import {createBackgroundOutput} from '../output/background-output.ts'
import {createAgentControl} from './agent-control.ts'
import {createAgentEvents} from './agent-events.ts'
import {createApprovals} from './approvals.ts'
import {createLogWriter} from './log-writer.ts'
import {createPauses} from './pauses.ts'
import {
  cutShortEvents,
  hasLostShell,
  shellExitedEvent,
  titledEvents,
  whyCutShort,
  withdrawnEvent,
} from './prompt-events.ts'
import {createPromptQueue} from './prompt-queue.ts'
import {createPromptRunner} from './prompt-runner.ts'
import {createPromptStdin} from './prompt-stdin.ts'
import {runPrompt} from './run-prompt.ts'
import {createScreenRecording} from './screen-recording.ts'
import {createSessionEnding} from './session-ending.ts'
import type {Session, SessionOptions} from './session.ts'
import {createSessionNames} from './session-names.ts'
import {createTypedText} from './typed-text.ts'

/** Opens a session on its log. If a prompt was running when the last host died, it ends here as `interrupted`. */
export function createSession(options: SessionOptions): Session {
  const {log, agent, size, record, replication} = options
  const {onAppend, onNotSaved, onActivity, onFault, now = () => performance.now()} = options
  const pause = createPauses(agent)
  const writer = createLogWriter({
    log,
    onAppend,
    onNotSaved() {
      pause('not-saved', true)
      onNotSaved?.()
    },
    onSaved: () => pause('not-saved', false),
    onReplaced: onFault,
    now,
  })
  const {append} = writer
  const currentState = (): SessionState => {
    const state = log.state()
    if (state === undefined) throw new Error(`The log of session ${log.sessionId} is empty: append event 1 first`)
    return state
  }

  /** Does work that has no caller to throw to. */
  const attempt = (work: () => void) => {
    try {
      work()
    } catch (error) {
      onFault(error)
    }
  }
  const appendOutput = (event: NewEvent) => attempt(() => writer.record(() => [event], false))
  const hasProgram = currentState().info.program !== undefined
  const recording = createScreenRecording({...record, hasProgram, record: appendOutput, now})
  const attachments = createAttachments({
    agent,
    recording,
    ...(size !== undefined && {size}),
    append,
    record: appendOutput,
    onBehind: (isBehind) => pause('screen-behind', isBehind),
    onHeld: (isHeld) => pause('client-behind', isHeld),
    now,
  })
  const promptStdin = createPromptStdin()
  const backgroundOutput = createBackgroundOutput(appendOutput)
  agent.onBackgroundOutput?.((data) => {
    if (ending.reason === undefined) backgroundOutput.add(data)
  })

  const agentEvents = createAgentEvents({
    agent,
    record: (events, durable) => attempt(() => writer.record(() => events, durable)),
    beforeEvent: backgroundOutput.end,
  })
  agent.onTitle?.((text) => titledEvents(text, currentState().info).forEach(appendOutput))
  agent.onShellExited?.((exit) => {
    if (ending.reason !== undefined) return
    backgroundOutput.end()
    appendOutput(shellExitedEvent(exit))
  })

  let activity: Activity | undefined
  const typedText = createTypedText({agent, isRunning: () => isRunning(), now: Date.now})
  const reportActivity = ({state, input, mayBeSecret}: AgentActivity) => {
    typedText.note(mayBeSecret)
    activity = {state, input, hidden_at: typedText.hiddenAt, since: Date.now()}
    onActivity?.()
  }
  agent.onActivity?.(reportActivity)

  const outputs = {attachments, recording, backgroundOutput, agentEvents, appendOutput}
  const runner = createPromptRunner({
    log,
    agent,
    size: () => attachments.size,
    state: currentState,
    record: writer.record,
    ending: () => ending.reason,
    run: (prompt, context) => runPrompt(prompt, {agent, approvals, context, promptStdin, ...outputs, onFault, now}),
    beforeStart: backgroundOutput.end,
    mayBegin: (seq) => replication?.reached(seq),
    onRun() {
      // What the clients know of the hiding must include its end.
      if (typedText.isHiding) reportActivity({state: 'quiet', input: 'none', mayBeSecret: false})
      activity = undefined
    },
    onFinished() {
      attachments.noteEnded()
      endOneShot()
    },
    onFault,
  })
  const {nextStart, finish} = runner
  const isRunning = () => runner.running !== undefined

  /** A session that was made for one command ends with it. */
  const endOneShot = () => {
    const {info, first_prompt, running: left, queue: waiting} = currentState()
    if (info.one_shot !== true || first_prompt === undefined || left !== null || waiting.length > 0) return
    // An error only says that the disk is full: the session is closed as soon as it has room.
    if (ending.reason === undefined) void ending.close('command-ended').catch(() => undefined)
  }

  /** What arrives late must not reach the program of another prompt. */
  const isMeant = (promptId: string | undefined) =>
    isRunning() && (promptId === undefined || currentState().running?.prompt_id === promptId)
  const mayReceive = (promptId: string | undefined) => isMeant(promptId) && !runner.isHeldBack

  const takesNoPrompts = () =>
    new RpcError(
      errorCodes.notAllowed,
      'The session runs one program, and takes no prompts: send its input, or press keys',
    )
  const nothingRuns = () =>
    new RpcError(
      errorCodes.notAllowed,
      runner.isHeldBack
        ? 'The command has not begun: it waits until the cluster of the fleet has it'
        : 'No program is running: run a command first',
    )

  const ending = createSessionEnding({
    sessionId: log.sessionId,
    state: currentState,
    writer,
    async endAgent() {
      backgroundOutput.end()
      runner.cutShort()
      await agent.close()
      await runner.running
    },
  })
  const {requireNotClosed, requireNotEnding} = ending

  const approvals = createApprovals({
    agent,
    append,
    record: writer.record,
    open: () => currentState().approvals,
    whenReplicated(then) {
      const reached = replication?.reached(log.latestSeq)
      if (reached === undefined) then()
      // Otherwise the host is about to end, and the agent with it.
      else void reached.then(then, () => undefined)
    },
  })
  const queue = createPromptQueue({
    log,
    append,
    state: currentState,
    requireOpen() {
      requireNotClosed()
      requireNotEnding()
      if (currentState().info.program !== undefined) throw takesNoPrompts()
    },
    requireNotEnding,
    isRunning,
    onWithdrawn: endOneShot,
    nextStart,
  })

  const {running: leftOver, approvals: unanswered} = currentState()
  const endOfLeftOver = whyCutShort(log)
  if (unanswered.length > 0) writer.record(() => unanswered.map(withdrawnEvent), true)
  if (leftOver !== null) {
    // Its duration is unknown: the host died with it.
    const cutShort = cutShortEvents(log, leftOver.prompt_id)
    if (cutShort.length > 0) writer.record(() => cutShort, true)
    const lost = hasLostShell(log) ? {shellExited: {}} : {}
    finish(leftOver.prompt_id, {status: 'interrupted', reason: endOfLeftOver, ...lost}, undefined)
  } else {
    if (hasLostShell(log)) appendOutput(shellExitedEvent({}))
    const next = nextStart(currentState().queue)
    if (next.events.length > 0) writer.record(() => next.events, true, next.begin)
    else endOneShot()
  }

  return {
    get state() {
      return currentState()
    },
    get saveError() {
      return writer.saveError
    },
    get activity() {
      return activity
    },
    get isClosed() {
      return currentState().closed !== null
    },

    ...queue,
    typedText,

    setDraft(text, by) {
      requireNotClosed()
      if (currentState().draft !== text) append([{type: 'draft.updated', payload: {text, by}}], true)
    },

    answer: approvals.answer,

    input(data, promptId) {
      if (!mayReceive(promptId) || !agent.input(data)) throw nothingRuns()
    },

    async inputWhen(condition, data, promptId) {
      if (!mayReceive(promptId)) throw nothingRuns()
      if (agent.inputWhen === undefined) return 'unknown'
      return await agent.inputWhen(condition, data)
    },

    complete: async (text) =>
      (await agent.complete?.(text)) ?? {start: 0, candidates: [], common: '', total: 0, is_partial: false},
    isIncomplete: async (text) => (await agent.isIncomplete?.(text)) ?? false,

    interrupt(promptId, by) {
      if (!isMeant(promptId)) return false
      runner.noteInterrupt(by)
      if (!runner.cutShort()) agent.interrupt()
      return true
    },

    signal(name, promptId) {
      if (!mayReceive(promptId)) throw nothingRuns()
      if (agent.signal?.(name) !== true)
        throw new RpcError(
          errorCodes.notAllowed,
          'No signal reaches what runs: it has just ended, has no terminal, or the system is not Linux. The key C-c may stop it',
        )
    },

    agent: createAgentControl({agent, append, isRunning, requireNotClosed}),

    resize: attachments.resize,
    awaitCluster: (isAway) => pause('not-replicated', isAway),
    attachments,
    stdin: promptStdin,
    ...(agent.historyFile && {historyFile: agent.historyFile}),

    ...createSessionNames({
      append,
      info: () => currentState().info,
      requireNotClosed,
      flush() {
        attachments.flush()
        backgroundOutput.end()
      },
      latestSeq: () => log.latestSeq,
    }),

    close: ending.close,
    closed: ending.closed,
    suspend: ending.suspend,
  }
}
