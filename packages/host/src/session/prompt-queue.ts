import type {EventLog} from '@holdfast/event-log'
import {
  errorCodes,
  maxQueueBytes,
  maxQueuedPrompts,
  textBytes,
  type NewEvent,
  type PromptStatus,
  type QueuedPrompt,
  type SessionState,
  type Stdin,
} from '@holdfast/protocol'
import {RpcError} from '@holdfast/rpc'

import type {LogWriter} from './log-writer.ts'
import {completeEvent} from './prompt-events.ts'

export interface PromptQueueOptions {
  log: EventLog
  append: LogWriter['append']
  state: () => SessionState
  /** Throws if the session is closed, or its host is about to end. */
  requireOpen: () => void
  /** Throws if the host is about to end: then the next host changes the queue. */
  requireNotEnding: () => void
  isRunning: () => boolean
  /** Called when a waiting prompt was withdrawn. */
  onWithdrawn: () => void
  /** The event that starts the first prompt of a queue that is not held, and a function that runs it once that event is committed. */
  nextStart: (queue: readonly QueuedPrompt[]) => NextStart
}

export interface NextStart {
  /** Empty if no prompt can start. */
  events: NewEvent[]
  begin: () => void
}

export interface SubmittedPrompt {
  promptId: string
  text: string
  maxOutputBytes?: number | null | undefined
  /** See `prompt.submit`. */
  stdin?: Stdin | undefined
  plain?: boolean | undefined
  holdOnFailure?: boolean | undefined
  by?: string | undefined
}

export type SubmitStatus = PromptStatus | 'queued' | 'running'

/** Changes the queue of prompts, which itself is part of the log's state. `by`: see `EventPayload<'prompt.queued'>`. */
export interface PromptQueue {
  /** Commits a prompt. For an id that it knows, it only returns the status of that prompt. */
  submit(prompt: SubmittedPrompt): SubmitStatus
  /** Whether the log has a prompt with this id. */
  knows(promptId: string): boolean
  /** Cancels a waiting prompt. Returns true if it will never run, false if it has started or does not exist. */
  withdraw(promptId: string, by?: string): boolean
  /** Changes the text of a waiting prompt. Returns false if it has started or does not exist. */
  update(promptId: string, text: string, by?: string): boolean
  /** Moves a waiting prompt to the front, where nothing holds it. Returns false if it has started or does not exist. */
  promote(promptId: string, by?: string): boolean
  /** Lets the prompts that are held run. Returns false if none is. */
  continueQueue(by?: string): boolean
}

export function createPromptQueue(options: PromptQueueOptions): PromptQueue {
  const {log, append, state, requireOpen, requireNotEnding, isRunning, onWithdrawn, nextStart} = options

  const findWaiting = (promptId: string): QueuedPrompt | undefined => {
    const waiting = state().queue.find(({prompt_id}) => prompt_id === promptId)
    if (waiting !== undefined) requireNotEnding()
    return waiting
  }

  /** Commits an event, after which this is the queue, and starts its next prompt if nothing runs. */
  const appendAndStart = (event: NewEvent, queue: readonly QueuedPrompt[]) => {
    const next = isRunning() ? undefined : nextStart(queue)
    append([event, ...(next?.events ?? [])], true)
    next?.begin()
  }

  return {
    submit({promptId, text, maxOutputBytes, holdOnFailure, stdin, plain, by}) {
      const known = statusAfter(log.readPrompt(promptId))
      if (known !== undefined) return known
      requireOpen()
      const {queue} = state()
      requirePlace(queue)
      requireRoom(queue, text)
      const prompt: QueuedPrompt = {
        prompt_id: promptId,
        text,
        max_output_bytes: maxOutputBytes,
        hold_on_failure: holdOnFailure,
        stdin,
        plain,
        by,
      }
      const queued: NewEvent = {type: 'prompt.queued', payload: {...prompt, position: queue.length}}
      const status = isRunning() ? 'queued' : 'running'
      appendAndStart(queued, [prompt])
      return status
    },

    knows: (promptId) => log.readPrompt(promptId).length > 0,

    withdraw(promptId, by) {
      const status = statusAfter(log.readPrompt(promptId))
      if (status !== 'queued') return status === 'cancelled'
      requireNotEnding()
      append([completeEvent(promptId, {status: 'cancelled', reason: 'withdrawn', by}, undefined)], true)
      onWithdrawn()
      return true
    },

    update(promptId, text, by) {
      const waiting = findWaiting(promptId)
      if (waiting === undefined) return false
      if (waiting.text === text) return true
      const others = state().queue.filter((other) => other !== waiting)
      requireRoom(others, text)
      append([{type: 'prompt.updated', payload: {prompt_id: promptId, text, by}}], true)
      return true
    },

    promote(promptId, by) {
      const waiting = findWaiting(promptId)
      if (waiting === undefined) return false
      // Also the first one, which the end of the running prompt would hold.
      if (state().queue[0] !== waiting || waiting.held === true || waiting.hold_on_failure === true) {
        const moved: NewEvent = {type: 'prompt.updated', payload: {prompt_id: promptId, position: 0, by}}
        appendAndStart(moved, [{...waiting, held: false}])
      }
      return true
    },

    continueQueue(by) {
      const {held, queue} = state()
      if (held === null) return false
      requireNotEnding()
      const released = queue.map((waiting) => ({...waiting, held: false}))
      appendAndStart({type: 'queue.continued', payload: {by}}, released)
      return true
    },
  }
}

/** The status of a prompt after its events; `undefined` if there are none. */
function statusAfter(events: readonly {type: string; payload: object}[]): SubmitStatus | undefined {
  const complete = events.find(({type}) => type === 'message.complete')
  if (complete !== undefined) return (complete.payload as {status: PromptStatus}).status
  if (events.some(({type}) => type === 'message.start')) return 'running'
  return events.length > 0 ? 'queued' : undefined
}

/** Throws an `RpcError` `notAllowed` if the queue is full. */
function requirePlace(queue: readonly QueuedPrompt[]): void {
  if (queue.length < maxQueuedPrompts) return
  throw new RpcError(
    errorCodes.notAllowed,
    `The prompt queue is full (${maxQueuedPrompts}): wait for one to finish, or withdraw one`,
  )
}

/** Throws an `RpcError` `tooLarge` if a text would make the waiting prompts too large. */
function requireRoom(others: readonly QueuedPrompt[], text: string): void {
  const bytes = others.reduce((sum, waiting) => sum + textBytes(waiting.text), textBytes(text))
  if (bytes <= maxQueueBytes) return
  throw new RpcError(
    errorCodes.tooLarge,
    `Expected the waiting prompts to have at most ${maxQueueBytes} bytes in total, got ${bytes}: wait for one to finish, or withdraw one`,
  )
}
