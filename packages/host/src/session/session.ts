import type {EventLog, EventLogError} from '@holdfast/event-log'
import {
  errorCodes,
  type Activity,
  type InputCondition,
  type InputObstacle,
  type NewEvent,
  type QueuedPrompt,
  type SessionState,
} from '@holdfast/protocol'
import {RpcError} from '@holdfast/rpc'
import type {Size} from '@holdfast/shell'

import type {Agent, PromptOutcome} from '../agent/agent.ts'
import {createAttachments, type Attachments} from './attachments.ts'
import {createBackgroundOutput} from '../output/background-output.ts'
import {createApprovals, type Approvals} from './approvals.ts'
import {createLogWriter} from './log-writer.ts'
import {createPauses} from './pauses.ts'
import {afterEvents, completeEvent} from './prompt-events.ts'
import {createPromptQueue, type NextStart, type PromptQueue} from './prompt-queue.ts'
import {runPrompt} from './run-prompt.ts'
import {toTitle} from './to-title.ts'

export interface SessionOptions {
  /** A log that contains event 1 at least. */
  log: EventLog
  agent: Agent
  /** Called after each commit. */
  onAppend: () => void
  /** Called after each failed attempt to save events that the session keeps in memory; see `Session.saveError`. */
  onNotSaved?: () => void
  /** Called when `Session.activity` changes. */
  onActivity?: () => void
  /** Called, perhaps repeatedly, when the log can no longer be written: the session cannot continue. */
  onFault: (error: unknown) => void
  /** A monotonic clock for durations, ms. @default performance.now */
  now?: () => number
}

/** One session: the only writer of its log, and the queue in front of its agent. */
export interface Session extends PromptQueue, Pick<Approvals, 'answer'> {
  readonly state: SessionState
  readonly isClosed: boolean
  /** Why events cannot be saved at the moment. Meanwhile programs that print wait, and requests are rejected. */
  readonly saveError: EventLogError | undefined
  /** What the running program seems to do; `undefined` if that is unknown. */
  readonly activity: Activity | undefined
  /** Keeps text that was typed but not submitted. */
  setDraft(text: string): void
  /** Sends input to the running program, or, with `promptId`, only to the program of that prompt. */
  input(data: Uint8Array, promptId?: string): void
  /** The same if the program awaits input in this way at this moment; else resolves to what is in the way. */
  inputWhen(condition: InputCondition, data: Uint8Array, promptId?: string): Promise<InputObstacle | undefined>
  /** Interrupts the running program, or, with `promptId`, only the program of that prompt. Returns false if it does not run. */
  interrupt(promptId?: string): boolean
  resize(size: Size): void
  readonly attachments: Attachments
  /** Changes the title, and returns it as it was stored. */
  rename(title: string): string
  /**
   * Closes the session for good: ends the agent, then records it. Resolves to false if it was closed before. Rejects if the end
   * cannot be saved at the moment: the session is closed as soon as it can.
   */
  close(reason: string): Promise<boolean>
  /** Resolves when the log says that the session is closed. */
  readonly closed: Promise<void>
  /** Ends the agent but not the session, for a host that ends: the next host continues. */
  suspend(reason: string): Promise<void>
}

/** Opens a session on its log. If a prompt was running when the last host died, it ends here as `interrupted`. */
export function createSession(options: SessionOptions): Session {
  const {log, agent, onAppend, onNotSaved, onActivity, onFault, now = () => performance.now()} = options
  /** Why the session or its host ends; once set, no prompt starts. */
  let endReason: string | undefined
  let running: Promise<void> | undefined
  let closing: Promise<void> | undefined
  const recorded = Promise.withResolvers<void>()

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
  const attachments = createAttachments({
    agent,
    append,
    record: appendOutput,
    onBehind: (isBehind) => pause('screen-behind', isBehind),
    now,
  })
  const backgroundOutput = createBackgroundOutput(appendOutput)
  agent.onBackgroundOutput?.((data) => {
    if (endReason === undefined) backgroundOutput.add(data)
  })

  let activity: Activity | undefined
  agent.onActivity?.((seen) => {
    activity = {...seen, since: Date.now()}
    onActivity?.()
  })

  /**
   * The events that start the first prompt of a queue, and a function that runs it once they are committed. `isInNewShell`:
   * the prompt was submitted while another shell ran.
   */
  const nextStart = (queue: SessionState['queue'], isInNewShell = false): NextStart => {
    const next = queue[0]
    if (next === undefined || endReason !== undefined) return {events: [], begin() {}}
    backgroundOutput.end()
    return {
      events: [
        ...(isInNewShell ? [newShellNote] : []),
        {type: 'message.start', payload: {prompt_id: next.prompt_id, text: next.text}},
      ],
      begin: () => {
        running = run(next).catch(onFault)
      },
    }
  }

  const run = async (prompt: QueuedPrompt): Promise<void> => {
    const parts = {agent, approvals, attachments, backgroundOutput, appendOutput, onFault, now}
    const {outcome, durationMs} = await runPrompt(prompt, parts)
    running = undefined
    activity = undefined
    const ended: PromptOutcome = endReason === undefined ? outcome : {status: 'interrupted', reason: endReason}
    finish(prompt.prompt_id, ended, durationMs)
  }

  const finish = (promptId: string, outcome: PromptOutcome, durationMs: number | undefined) => {
    let begin = () => {}
    const events = () => {
      const {queue, info} = currentState()
      const next = nextStart(queue, outcome.shellExited !== undefined || outcome.reason === 'host-died')
      begin = next.begin
      return [completeEvent(promptId, outcome, durationMs), ...afterEvents(outcome, info), ...next.events]
    }
    writer.record(events, true, () => begin())
  }

  /** What arrives late must not reach the program of another prompt. */
  const mayReceive = (promptId: string | undefined) =>
    running !== undefined && (promptId === undefined || currentState().running?.prompt_id === promptId)

  const nothingRuns = () => new RpcError(errorCodes.notAllowed, 'No program is running: submit the text as a prompt')

  const endingError = () =>
    new RpcError(errorCodes.hostUnavailable, `The host of session ${log.sessionId} is about to end: try again`)

  const closedError = () =>
    new RpcError(errorCodes.sessionClosed, `Session ${log.sessionId} is closed: open another one`)

  const requireNotEnding = () => {
    if (endReason !== undefined) throw endingError()
  }

  const approvals = createApprovals({agent, append, open: () => currentState().approvals})
  const queue = createPromptQueue({
    log,
    append,
    state: currentState,
    requireOpen() {
      if (currentState().closed !== null) throw closedError()
      requireNotEnding()
    },
    requireNotEnding,
    isRunning: () => running !== undefined,
    nextStart,
  })

  /** Ends the agent. When this resolves, the end of the running prompt is in the log. */
  const end = async (reason: string) => {
    backgroundOutput.end()
    endReason = reason
    await agent.close()
    await running
  }

  /** Ends everything, and records it then: also where that has to wait for room on the disk, nothing of the session runs on. */
  const closeNow = async (reason: string) => {
    await end('session-closed')
    const events = () => [
      ...currentState().queue.map(({prompt_id}) =>
        completeEvent(prompt_id, {status: 'cancelled', reason: 'session-closed'}, undefined),
      ),
      {type: 'session.closed', payload: {reason}} as const,
    ]
    writer.record(events, true, recorded.resolve)
  }

  const notClosedYet = () => {
    const {saveError} = writer
    const why = saveError === undefined ? '' : `: ${saveError.message}`
    const message = `The programs of session ${log.sessionId} have ended; it is closed as soon as that can be saved${why}`
    return new RpcError(saveError?.wireCode ?? errorCodes.storageFailed, message)
  }

  const leftOver = currentState().running
  if (leftOver !== null) {
    // Its duration is unknown: the host died with it.
    finish(leftOver.prompt_id, {status: 'interrupted', reason: 'host-died'}, undefined)
  } else {
    const next = nextStart(currentState().queue, true)
    if (next.events.length > 0) writer.record(() => next.events, true, next.begin)
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

    setDraft(text) {
      const {closed, draft} = currentState()
      if (closed !== null) throw closedError()
      if (draft !== text) append([{type: 'draft.updated', payload: {text}}], true)
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

    interrupt(promptId) {
      if (!mayReceive(promptId)) return false
      agent.interrupt()
      return true
    },

    resize: (size) => attachments.resize(size),
    attachments,

    rename(text) {
      const {info, closed} = currentState()
      if (closed !== null) throw closedError()
      const title = toTitle(text)
      if (title === '') throw new RpcError(errorCodes.notAllowed, 'Expected a title with a visible character')
      append([{type: 'session.info', payload: {...info, title, untitled: undefined}}], true)
      return title
    },

    async close(reason) {
      if (currentState().closed !== null) return false
      const isFirst = closing === undefined
      // This host has recorded that the session continues in the next host, which can close it.
      if (isFirst && endReason !== undefined) throw endingError()
      closing ??= closeNow(reason)
      await closing
      if (currentState().closed === null) throw notClosedYet()
      return isFirst
    },

    closed: recorded.promise,

    async suspend(reason) {
      if (endReason === undefined) await end(reason)
    },
  }
}

const newShellNote: NewEvent = {
  type: 'note',
  payload: {
    text: 'The queue continues in a new shell: variables, functions and jobs of the last one are gone',
    level: 'warning',
  },
}
