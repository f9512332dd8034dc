import type {Client} from '@holdfast/client'

import type {BatchStep} from './read-batch.ts'
import {runStep} from './run-step.ts'

/** How a step of a batch has ended. */
export interface StepEnd {
  /** From 1. */
  step: number
  /** Its line in the batch, from 1. */
  line: number
  command: BatchStep['command']
  status: StepStatus
  durationMs: number
  /** Of a step that is done, as the wire has it. */
  result?: Readonly<Record<string, unknown>>
  /** Of one that has failed: a `ScreenWaitError`, a `RunStepError` or what the client rejects with. */
  error?: unknown
}

/** `interrupted`: the signal aborted in it, and what it did is not known. */
export type StepStatus = 'done' | 'failed' | 'interrupted' | 'not-run'

export interface BatchOptions {
  /** Go on after a step that has failed. @default false: the later ones do not run */
  keepsGoing?: boolean
  /** Aborts the batch. @default never */
  signal?: AbortSignal
  /** Receives each step as it ends, in their order, also those that do not run. The next one waits for it. @default nothing */
  onStep?: (end: StepEnd) => void | Promise<void>
  /** A monotonic clock, ms. @default performance.now */
  now?: () => number
}

/**
 * Does steps in a session, one after another. A wait for a text, a match or a place of the cursor looks only at what the program has
 * printed since the last step that typed something or sent a signal. Resolves to how many steps have ended in which way; a step that fails
 * does not make it reject.
 */
export async function runBatch(
  client: Client,
  sessionId: string,
  steps: readonly BatchStep[],
  {keepsGoing = false, signal = new AbortController().signal, onStep, now = () => performance.now()}: BatchOptions = {},
): Promise<Readonly<Record<StepStatus, number>>> {
  const counts = {done: 0, failed: 0, interrupted: 0, 'not-run': 0}
  let abort = () => {}
  const aborted = new Promise<'aborted'>((resolve) => (abort = () => resolve('aborted')))
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort)
  let after: number | undefined
  const perform = async (step: BatchStep): Promise<Pick<StepEnd, 'status' | 'result' | 'error'>> => {
    if (signal.aborted || (counts.failed > 0 && !keepsGoing)) return {status: 'not-run'}
    try {
      const done = await Promise.race([runStep(step, {client, sessionId, after, signal}), aborted])
      if (done === 'aborted') return {status: 'interrupted'}
      if (step.command === 'run') after = undefined
      after = done.screenVersion ?? after
      return {status: 'done', result: done.result}
    } catch (error) {
      return {status: 'failed', error}
    }
  }
  try {
    for (const [index, step] of steps.entries()) {
      const beganAt = now()
      const end = await perform(step)
      counts[end.status]++
      await onStep?.({step: index + 1, line: step.line, command: step.command, durationMs: now() - beganAt, ...end})
    }
    return counts
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
