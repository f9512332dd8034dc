import type {EventLog, EventLogError} from '@holdfast/event-log'
import {
  defaultMaxOutputBytes,
  errorCodes,
  type Activity,
  type NewEvent,
  type QueuedPrompt,
  type SessionState,
} from '@holdfast/protocol'
import {RpcError} from '@holdfast/rpc'

import type {Agent, PromptOutcome, PromptWatch, Size} from '../agent/agent.ts'
import {createAttachments, type Attachments} from '../attach/attachments.ts'
import {createApprovals, type Approvals} from './approvals.ts'
import {createBoundedOutput} from '../output/bounded-output.ts'
import {createBackgroundOutput} from '../output/background-output.ts'
import {createPauses} from './pauses.ts'
import {createLogWriter} from './log-writer.ts'
import {afterEvents, completeEvent} from './prompt-events.ts'
import {createPromptQueue, type NextStart, type PromptQueue} from './prompt-queue.ts'
import {toTitle} from './to-title.ts'

export interface SessionOptions {
  /** Holds event 1 at least. */
  log: EventLog
  agent: Agent
  /** After each commit. */
  onAppend: () => void
  /** What happens cannot be saved at this moment; told again each time that it was tried in vain. @default nobody is told */
  onNotSaved?: () => void
  /** What runs seems to do something else; see `Session.activity`. @default nobody is told */
  onActivity?: () => void
  /** A fault that leaves the session unable to go on: its log can no longer be written. It may be told more than once. */
  onFault: (error: unknown) => void
  /** For durations, ms, never set back. @default performance.now */
  now?: () => number
}

/** One session: the only pen of its log, and the queue before its agent. */
export interface Session extends PromptQueue, Pick<Approvals, 'answer'> {
  readonly state: SessionState
  readonly isClosed: boolean
  /** Why what happens cannot be saved at this moment. Programs that print wait meanwhile, and nothing is taken. */
  readonly notSaved: EventLogError | undefined
  /** What the program that runs seems to be doing; `undefined` while nothing was told of it. */
  readonly activity: Activity | undefined
  /** Keeps what was typed and not submitted. */
  setDraft(text: string): void
  /** For the program that runs; with a prompt's id only for that of the prompt. */
  input(data: Uint8Array, promptId?: string): void
  /** Whether something ran that could be interrupted. */
  interrupt(): boolean
  resize(size: Size): void
  readonly attachments: Attachments
  /** Gives the session another title; returns what became of it. */
  rename(title: string): string
  /** Ends the session. False when it had ended before. */
  close(reason: string): Promise<boolean>
  /** Ends what runs and records it, without ending the session: the host goes, the session stays. */
  suspend(reason: string): Promise<void>
}

/** Opens a session on its log. A prompt that was running when the last host died ends here as `interrupted`. */
export function createSession(options: SessionOptions): Session {
  const {log, agent, onAppend, onNotSaved, onActivity, onFault, now = () => performance.now()} = options
  /** Why the session or its host ends; from then on nothing new begins. */
  let ending: string | undefined
  let running: Promise<void> | undefined
  let closing: Promise<void> | undefined

  const pause = createPauses(agent)
  const writer = createLogWriter({
    log,
    onAppend,
    onNotSaved() {
      pause('not-saved', true)
      onNotSaved?.()
    },
    onSaved: () => pause('not-saved', false),
    // Whatever asked for this: the session goes on elsewhere.
    onReplaced: onFault,
  })
  const {append} = writer
  const currentState = (): SessionState => {
    const state = log.state()
    if (state === undefined)
      throw new Error(`Expected the log of session ${log.sessionId} to hold event 1, it is empty`)
    return state
  }

  const appendOutput = (event: NewEvent) => {
    try {
      writer.record(() => [event], false)
    } catch (error) {
      onFault(error)
    }
  }
  const attachments = createAttachments({
    agent,
    append,
    record: appendOutput,
    onBehind: (isBehind) => pause('screen-behind', isBehind),
    now,
  })
  const between = createBackgroundOutput(appendOutput)
  agent.onBackgroundOutput?.((data) => {
    if (ending === undefined) between.add(data)
  })

  let activity: Activity | undefined
  agent.onActivity?.((seen) => {
    activity = {...seen, since: Date.now()}
    onActivity?.()
  })

  /** The event that starts the next prompt, and what to do once it is committed. */
  const nextStart = (queue: SessionState['queue']): NextStart => {
    const next = queue[0]
    if (next === undefined || ending !== undefined) return {events: [], begin() {}}
    between.end()
    return {
      events: [{type: 'message.start', payload: {prompt_id: next.prompt_id, text: next.text}}],
      begin: () => {
        running = run(next).catch(onFault)
      },
    }
  }

  const run = async ({prompt_id: promptId, text, max_output_bytes}: QueuedPrompt): Promise<void> => {
    let startedAt = now()
    const output = createBoundedOutput({
      maxBytes: max_output_bytes === undefined ? defaultMaxOutputBytes : (max_output_bytes ?? Infinity),
      onBatch: (batch) => appendOutput({type: 'message.delta', payload: {prompt_id: promptId, ...batch}}),
      onElided: (bytes) => appendOutput({type: 'output.elided', payload: {prompt_id: promptId, bytes}}),
      onFull: () => appendOutput({type: 'note', payload: {text: fullNote, level: 'warning'}}),
    })
    const onApproval: PromptWatch['onApproval'] = (question) => {
      try {
        approvals.ask(promptId, question)
      } catch (error) {
        onFault(error)
      }
    }
    const onOutput: PromptWatch['onOutput'] = (data) => {
      between.end()
      if (!attachments.take(data)) output.add(data)
    }
    approvals.begin()
    attachments.beginPrompt(promptId)
    const outcome = await agent
      .prompt(text, {onStart: () => (startedAt = now()), onOutput, onApproval})
      .catch((error: unknown): PromptOutcome => ({status: 'failed', reason: describe(error)}))
    between.end()
    attachments.endPrompt()
    output.flush()
    running = undefined
    activity = undefined
    finish(promptId, ending === undefined ? outcome : {status: 'interrupted', reason: ending}, now() - startedAt)
  }

  const finish = (promptId: string, outcome: PromptOutcome, durationMs: number | undefined) => {
    let begin = () => {}
    const events = () => {
      const {queue, info} = currentState()
      const next = nextStart(queue)
      begin = next.begin
      return [completeEvent(promptId, outcome, durationMs), ...afterEvents(outcome, info), ...next.events]
    }
    writer.record(events, true, () => begin())
  }

  const aboutToEnd = () =>
    new RpcError(errorCodes.hostUnavailable, `The host of session ${log.sessionId} is about to end`)

  const isClosedError = () => new RpcError(errorCodes.sessionClosed, `Session ${log.sessionId} is closed`)

  const requireStaying = () => {
    if (ending !== undefined) throw aboutToEnd()
  }

  const approvals = createApprovals({agent, append, open: () => currentState().approvals})
  const queue = createPromptQueue({
    log,
    append,
    state: currentState,
    requireOpen() {
      if (currentState().closed !== null) throw isClosedError()
      requireStaying()
    },
    requireStaying,
    isRunning: () => running !== undefined,
    nextStart,
  })

  /** Ends the agent, and with it what runs; its end is in the log when this resolves. */
  const end = async (reason: string) => {
    between.end()
    ending = reason
    await agent.close()
    await running
  }

  const leftOver = currentState().running
  if (leftOver !== null) {
    // When it died, nobody saw.
    finish(leftOver.prompt_id, {status: 'interrupted', reason: 'host-died'}, undefined)
  } else {
    const next = nextStart(currentState().queue)
    if (next.events.length > 0) writer.record(() => next.events, true, next.begin)
  }

  return {
    get state() {
      return currentState()
    },
    get notSaved() {
      return writer.trouble
    },
    get activity() {
      return activity
    },
    get isClosed() {
      return currentState().closed !== null
    },

    submit: queue.submit,
    withdraw: queue.withdraw,
    update: queue.update,
    promote: queue.promote,

    setDraft(text) {
      const {closed, draft} = currentState()
      if (closed !== null) throw isClosedError()
      if (draft !== text) append([{type: 'draft.updated', payload: {text}}], true)
    },

    answer: approvals.answer,

    input(data, promptId) {
      // Input that was long on its way is not for the program that runs by now.
      const isMeant = promptId === undefined || currentState().running?.prompt_id === promptId
      if (running !== undefined && isMeant && agent.input(data)) return
      throw new RpcError(errorCodes.notAllowed, 'Expected a running program to take the input, none runs')
    },

    interrupt() {
      if (running === undefined) return false
      agent.interrupt()
      return true
    },

    resize: (size) => attachments.resize(size),
    attachments,

    rename(text) {
      const {info, closed} = currentState()
      if (closed !== null) throw isClosedError()
      const title = toTitle(text)
      if (title === '') throw new RpcError(errorCodes.notAllowed, 'Expected a title to be seen, got an empty one')
      append([{type: 'session.info', payload: {...info, title}}], true)
      return title
    },

    async close(reason) {
      if (currentState().closed !== null) return false
      if (closing !== undefined) return await closing.then(() => false)
      // The next host can do it; this one has already told what it ended that it was not the end of the session.
      if (ending !== undefined) throw aboutToEnd()
      if (writer.trouble !== undefined) throw writer.trouble
      const closeEvents = () => [
        ...currentState().queue.map(({prompt_id}) =>
          completeEvent(prompt_id, {status: 'cancelled', reason: 'session-closed'}, undefined),
        ),
        {type: 'session.closed', payload: {reason}} as const,
      ]
      between.end()
      // Refused rather than left half done, where nothing has to be ended first.
      if (running === undefined) append(closeEvents(), true)
      closing = end('session-closed').then(
        () =>
          new Promise((resolve) =>
            currentState().closed === null ? writer.record(closeEvents, true, resolve) : resolve(),
          ),
      )
      await closing
      return true
    },

    async suspend(reason) {
      if (ending === undefined) await end(reason)
    },
  }
}

const fullNote = 'This prompt has printed more than is kept: of the rest, only the end is, and it is shown at the end'

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
