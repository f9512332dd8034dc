import type {EventLog, EventLogError} from '@holdfast/event-log'
import {
  defaultMaxOutputBytes,
  errorCodes,
  maxQueuedLength,
  maxQueuedPrompts,
  type NewEvent,
  type PromptStatus,
  type QueuedPrompt,
  type SessionState,
} from '@holdfast/protocol'
import {RpcError} from '@holdfast/rpc'

import {createPen} from './pen.ts'
import {toTitle} from './to-title.ts'
import type {Agent, PromptOutcome, PromptWatch, Size} from './agent.ts'
import {createBoundedOutput} from './bounded-output.ts'

export interface SessionOptions {
  /** Holds event 1 at least. */
  log: EventLog
  agent: Agent
  /** After each commit. */
  onAppend: () => void
  /** What happens cannot be saved at this moment; told again each time that it was tried in vain. @default nobody is told */
  onNotSaved?: () => void
  /** A fault that leaves the session unable to go on: its log can no longer be written. It may be told more than once. */
  onFault: (error: unknown) => void
  /** For durations, ms, never set back. @default performance.now */
  now?: () => number
}

export type SubmitStatus = PromptStatus | 'queued' | 'running'

/** One session: the only pen of its log, and the queue before its agent. */
export interface Session {
  readonly state: SessionState
  readonly isClosed: boolean
  /** Why what happens cannot be saved at this moment. Programs that print wait meanwhile, and nothing is taken. */
  readonly notSaved: EventLogError | undefined
  /** Commits a prompt, then answers. The same id again: what became of the first. */
  submit(prompt: {promptId: string; text: string; maxOutputBytes?: number | null | undefined}): SubmitStatus
  /** Takes a waiting prompt out of the queue. True: it did not run, and will not. False: it has begun, or there is none. */
  withdraw(promptId: string): boolean
  /** Gives a waiting prompt another text. False: it has begun, or there is none. */
  update(promptId: string, text: string): boolean
  /** Makes a waiting prompt the next that runs. False: it has begun, or there is none. */
  promote(promptId: string): boolean
  /** Keeps what was typed and not submitted. */
  setDraft(text: string): void
  /** Answers a question of the agent; the choice is committed before the agent hears of it. */
  answer(approvalId: string, choice: string): void
  /** For the program that runs; with a prompt's id only for that of the prompt. */
  input(data: Uint8Array, promptId?: string): void
  /** Whether something ran that could be interrupted. */
  interrupt(): boolean
  resize(size: Size): void
  /** Gives the session another title; returns what became of it. */
  rename(title: string): string
  /** Ends the session. False when it had ended before. */
  close(reason: string): Promise<boolean>
  /** Ends what runs and records it, without ending the session: the host goes, the session stays. */
  suspend(reason: string): Promise<void>
}

/** Opens a session on its log. A prompt that was running when the last host died ends here as `interrupted`. */
export function createSession(options: SessionOptions): Session {
  const {log, agent, onAppend, onNotSaved, onFault, now = () => performance.now()} = options
  /** Why the session or its host ends; from then on nothing new begins. */
  let ending: string | undefined
  let running: Promise<void> | undefined
  let closing: Promise<void> | undefined
  /** What was answered since the prompt that runs has begun. */
  const answered = new Map<string, string>()

  const pen = createPen({
    log,
    onAppend,
    onNotSaved() {
      agent.pause()
      onNotSaved?.()
    },
    onSaved: () => agent.resume(),
    // Whatever asked for this: the session goes on elsewhere.
    onReplaced: onFault,
  })
  const {append} = pen
  const currentState = (): SessionState => {
    const state = log.state()
    if (state === undefined)
      throw new Error(`Expected the log of session ${log.sessionId} to hold event 1, it is empty`)
    return state
  }

  /** The event that starts the next prompt, and what to do once it is committed. */
  const nextStart = (queue: SessionState['queue']): {events: NewEvent[]; begin: () => void} => {
    const next = queue[0]
    if (next === undefined || ending !== undefined) return {events: [], begin() {}}
    return {
      events: [{type: 'message.start', payload: {prompt_id: next.prompt_id, text: next.text}}],
      begin: () => {
        running = run(next).catch(onFault)
      },
    }
  }

  const run = async ({prompt_id: promptId, text, max_output_bytes}: QueuedPrompt): Promise<void> => {
    let startedAt = now()
    const appendOutput = (event: NewEvent) => {
      try {
        pen.record(() => [event], false)
      } catch (error) {
        onFault(error)
      }
    }
    const output = createBoundedOutput({
      maxBytes: max_output_bytes === undefined ? defaultMaxOutputBytes : (max_output_bytes ?? Infinity),
      onBatch: (batch) => appendOutput({type: 'message.delta', payload: {prompt_id: promptId, ...batch}}),
      onElided: (bytes) => appendOutput({type: 'output.elided', payload: {prompt_id: promptId, bytes}}),
      onFull: () => appendOutput({type: 'note', payload: {text: fullNote, level: 'warning'}}),
    })
    const onApproval: PromptWatch['onApproval'] = ({approvalId, title, choices}) => {
      try {
        const payload = {prompt_id: promptId, approval_id: approvalId, title, choices: [...choices]}
        append([{type: 'approval.request', payload}], true)
      } catch (error) {
        onFault(error)
      }
    }
    answered.clear()
    const outcome = await agent
      .prompt(text, {onStart: () => (startedAt = now()), onOutput: output.add, onApproval})
      .catch((error: unknown): PromptOutcome => ({status: 'failed', reason: describe(error)}))
    output.flush()
    running = undefined
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
    pen.record(events, true, () => begin())
  }

  const aboutToEnd = () =>
    new RpcError(errorCodes.hostUnavailable, `The host of session ${log.sessionId} is about to end`)

  const isClosedError = () => new RpcError(errorCodes.sessionClosed, `Session ${log.sessionId} is closed`)

  /** The waiting prompt, which may be changed at this moment. */
  const findWaiting = (promptId: string): QueuedPrompt | undefined => {
    const waiting = currentState().queue.find(({prompt_id}) => prompt_id === promptId)
    // The queue is left to the next host.
    if (waiting !== undefined && ending !== undefined) throw aboutToEnd()
    return waiting
  }

  /** Ends the agent, and with it what runs; its end is in the log when this resolves. */
  const end = async (reason: string) => {
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
    if (next.events.length > 0) pen.record(() => next.events, true, next.begin)
  }

  return {
    get state() {
      return currentState()
    },
    get notSaved() {
      return pen.trouble
    },
    get isClosed() {
      return currentState().closed !== null
    },

    submit({promptId, text, maxOutputBytes}) {
      const known = statusAfter(log.readPrompt(promptId))
      if (known !== undefined) return known
      const {closed, queue} = currentState()
      if (closed !== null) throw isClosedError()
      if (ending !== undefined) throw aboutToEnd()
      if (queue.length >= maxQueuedPrompts) {
        throw new RpcError(
          errorCodes.notAllowed,
          `Expected at most ${maxQueuedPrompts} waiting prompts, they are all there: wait for one to end`,
        )
      }
      requireRoom(queue, text)
      const prompt: QueuedPrompt = {
        prompt_id: promptId,
        text,
        ...(maxOutputBytes === undefined ? {} : {max_output_bytes: maxOutputBytes}),
      }
      const queued: NewEvent = {type: 'prompt.queued', payload: {...prompt, position: queue.length}}
      const next = running === undefined ? nextStart([prompt]) : undefined
      append([queued, ...(next?.events ?? [])], true)
      next?.begin()
      return next === undefined ? 'queued' : 'running'
    },

    withdraw(promptId) {
      const status = statusAfter(log.readPrompt(promptId))
      if (status !== 'queued') return status === 'cancelled'
      // The queue is left to the next host.
      if (ending !== undefined) throw aboutToEnd()
      append([completeEvent(promptId, {status: 'cancelled', reason: 'withdrawn'}, undefined)], true)
      return true
    },

    update(promptId, text) {
      const waiting = findWaiting(promptId)
      if (waiting === undefined) return false
      if (waiting.text === text) return true
      const others = currentState().queue.filter((other) => other !== waiting)
      requireRoom(others, text)
      append([{type: 'prompt.updated', payload: {prompt_id: promptId, text}}], true)
      return true
    },

    promote(promptId) {
      const waiting = findWaiting(promptId)
      if (waiting === undefined) return false
      if (currentState().queue[0] !== waiting) {
        append([{type: 'prompt.updated', payload: {prompt_id: promptId, position: 0}}], true)
      }
      return true
    },

    setDraft(text) {
      const {closed, draft} = currentState()
      if (closed !== null) throw isClosedError()
      if (draft !== text) append([{type: 'draft.updated', payload: {text}}], true)
    },

    answer(approvalId, choice) {
      const before = answered.get(approvalId)
      if (before === choice) return
      if (before !== undefined) {
        const message = `Expected question ${approvalId} to be open, \`${before}\` was chosen`
        throw new RpcError(errorCodes.alreadyAnswered, message)
      }
      const asked = currentState().approvals.find(({approval_id}) => approval_id === approvalId)
      if (asked === undefined) {
        throw new RpcError(errorCodes.approvalNotFound, `Expected a question that waits, got \`${approvalId}\``)
      }
      if (!asked.choices.some(({id}) => id === choice)) {
        const choices = asked.choices.map(({id}) => id).join(', ')
        throw new RpcError(errorCodes.notAllowed, `Expected one of the choices ${choices}, got \`${choice}\``)
      }
      const payload = {prompt_id: asked.prompt_id, approval_id: approvalId, choice, by: 'user'}
      append([{type: 'approval.resolved', payload}], true)
      answered.set(approvalId, choice)
      agent.answer?.(approvalId, choice)
    },

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

    resize: (size) => agent.resize(size),

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
      if (pen.trouble !== undefined) throw pen.trouble
      const closeEvents = () => [
        ...currentState().queue.map(({prompt_id}) =>
          completeEvent(prompt_id, {status: 'cancelled', reason: 'session-closed'}, undefined),
        ),
        {type: 'session.closed', payload: {reason}} as const,
      ]
      // Refused rather than left half done, where nothing has to be ended first.
      if (running === undefined) append(closeEvents(), true)
      closing = end('session-closed').then(
        () =>
          new Promise((resolve) =>
            currentState().closed === null ? pen.record(closeEvents, true, resolve) : resolve(),
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

/** A prompt that never began can be cancelled, too. */
type PromptEnd = Omit<PromptOutcome, 'status'> & {status: PromptStatus}

/** What the events of a prompt say that became of it; `undefined` where there are none. */
function statusAfter(events: readonly {type: string; payload: object}[]): SubmitStatus | undefined {
  const complete = events.find(({type}) => type === 'message.complete')
  if (complete !== undefined) return (complete.payload as {status: PromptStatus}).status
  if (events.some(({type}) => type === 'message.start')) return 'running'
  return events.length > 0 ? 'queued' : undefined
}

/** Throws an `RpcError` `tooLarge` where a text would make what waits longer than it may be. */
function requireRoom(others: readonly QueuedPrompt[], text: string): void {
  const waitingLength = others.reduce((length, waiting) => length + waiting.text.length, text.length)
  if (waitingLength <= maxQueuedLength) return
  throw new RpcError(
    errorCodes.tooLarge,
    `Expected the waiting prompts to have at most ${maxQueuedLength} characters, got ${waitingLength}`,
  )
}

function completeEvent(promptId: string, outcome: PromptEnd, durationMs: number | undefined): NewEvent {
  const {status, reason, exitCode, signal} = outcome
  return {
    type: 'message.complete',
    payload: {
      prompt_id: promptId,
      status,
      ...(reason === undefined ? {} : {reason}),
      ...(exitCode === undefined ? {} : {exit_code: exitCode}),
      ...(signal === undefined ? {} : {signal}),
      ...(durationMs === undefined ? {} : {duration_ms: Math.round(durationMs)}),
    },
  }
}

/** What else has changed when a prompt ends. */
function afterEvents({shellExited, cwd}: PromptOutcome, info: SessionState['info']): NewEvent[] {
  const events: NewEvent[] = []
  if (shellExited !== undefined) {
    const {exitCode, signal} = shellExited
    events.push({
      type: 'shell.exited',
      payload: {...(exitCode === undefined ? {} : {exit_code: exitCode}), ...(signal === undefined ? {} : {signal})},
    })
  }
  if (cwd !== undefined && cwd !== info.cwd) events.push({type: 'session.info', payload: {...info, cwd}})
  return events
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
