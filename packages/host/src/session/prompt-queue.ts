import type {EventLog} from '@holdfast/event-log'
import {
  errorCodes,
  maxQueuedLength,
  maxQueuedPrompts,
  type NewEvent,
  type PromptStatus,
  type QueuedPrompt,
  type SessionState,
} from '@holdfast/protocol'
import {RpcError} from '@holdfast/rpc'

import type {LogWriter} from './log-writer.ts'
import {completeEvent} from './prompt-events.ts'

export interface PromptQueueOptions {
  log: EventLog
  append: LogWriter['append']
  state: () => SessionState
  /** Throws what a prompt is refused for at this moment, whatever it is: the session is closed, or about to end. */
  requireOpen: () => void
  /** Throws while the queue is left to the next host. */
  requireStaying: () => void
  isRunning: () => boolean
  /** The event that starts the next prompt of a queue, and what to do once it is committed. */
  nextStart: (queue: SessionState['queue']) => NextStart
}

export interface NextStart {
  /** None: nothing can begin. */
  events: NewEvent[]
  begin: () => void
}

export type SubmitStatus = PromptStatus | 'queued' | 'running'

/** What is submitted and waits; the queue itself is in the log. */
export interface PromptQueue {
  /** Commits a prompt, then answers. The same id again: what became of the first. */
  submit(prompt: {promptId: string; text: string; maxOutputBytes?: number | null | undefined}): SubmitStatus
  /** Takes a waiting prompt out of the queue. True: it did not run, and will not. False: it has begun, or there is none. */
  withdraw(promptId: string): boolean
  /** Gives a waiting prompt another text. False: it has begun, or there is none. */
  update(promptId: string, text: string): boolean
  /** Makes a waiting prompt the next that runs. False: it has begun, or there is none. */
  promote(promptId: string): boolean
}

export function createPromptQueue(options: PromptQueueOptions): PromptQueue {
  const {log, append, state, requireOpen, requireStaying, isRunning, nextStart} = options

  /** The waiting prompt, which may be changed at this moment. */
  const findWaiting = (promptId: string): QueuedPrompt | undefined => {
    const waiting = state().queue.find(({prompt_id}) => prompt_id === promptId)
    if (waiting !== undefined) requireStaying()
    return waiting
  }

  return {
    submit({promptId, text, maxOutputBytes}) {
      const known = statusAfter(log.readPrompt(promptId))
      if (known !== undefined) return known
      requireOpen()
      const {queue} = state()
      requirePlace(queue)
      requireRoom(queue, text)
      const prompt: QueuedPrompt = {
        prompt_id: promptId,
        text,
        ...(maxOutputBytes === undefined ? {} : {max_output_bytes: maxOutputBytes}),
      }
      const queued: NewEvent = {type: 'prompt.queued', payload: {...prompt, position: queue.length}}
      const next = isRunning() ? undefined : nextStart([prompt])
      append([queued, ...(next?.events ?? [])], true)
      next?.begin()
      return next === undefined ? 'queued' : 'running'
    },

    withdraw(promptId) {
      const status = statusAfter(log.readPrompt(promptId))
      if (status !== 'queued') return status === 'cancelled'
      requireStaying()
      append([completeEvent(promptId, {status: 'cancelled', reason: 'withdrawn'}, undefined)], true)
      return true
    },

    update(promptId, text) {
      const waiting = findWaiting(promptId)
      if (waiting === undefined) return false
      if (waiting.text === text) return true
      const others = state().queue.filter((other) => other !== waiting)
      requireRoom(others, text)
      append([{type: 'prompt.updated', payload: {prompt_id: promptId, text}}], true)
      return true
    },

    promote(promptId) {
      const waiting = findWaiting(promptId)
      if (waiting === undefined) return false
      if (state().queue[0] !== waiting) {
        append([{type: 'prompt.updated', payload: {prompt_id: promptId, position: 0}}], true)
      }
      return true
    },
  }
}

/** What the events of a prompt say that became of it; `undefined` where there are none. */
function statusAfter(events: readonly {type: string; payload: object}[]): SubmitStatus | undefined {
  const complete = events.find(({type}) => type === 'message.complete')
  if (complete !== undefined) return (complete.payload as {status: PromptStatus}).status
  if (events.some(({type}) => type === 'message.start')) return 'running'
  return events.length > 0 ? 'queued' : undefined
}

/** Throws an `RpcError` `notAllowed` where so many prompts wait that no other may. */
function requirePlace(queue: readonly QueuedPrompt[]): void {
  if (queue.length < maxQueuedPrompts) return
  throw new RpcError(
    errorCodes.notAllowed,
    `Expected at most ${maxQueuedPrompts} waiting prompts, they are all there: wait for one to end`,
  )
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
