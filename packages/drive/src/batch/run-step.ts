import type {Client} from '@holdfast/client'

import {defaultWaitMs, waitForScreen} from '../wait-for-screen.ts'
import {ScreenWaitError} from '../screen-wait-error.ts'
import type {BatchStep} from './read-batch.ts'
import {runInSession} from './run-in-session.ts'

/** What a step has done. */
export interface StepResult {
  result: Readonly<Record<string, unknown>>
  /** The screen before the input of this step, which later waits leave out. */
  screenVersion?: number | undefined
}

export interface StepContext {
  client: Client
  sessionId: string
  /** The screen before the last input. */
  after: number | undefined
  signal: AbortSignal
}

/** Does one step. Rejects with a `ScreenWaitError`, a `RunStepError` or the `RpcError` of the gateway. */
export async function runStep(step: BatchStep, {client, sessionId, after, signal}: StepContext): Promise<StepResult> {
  const session_id = sessionId
  switch (step.command) {
    case 'run':
      return {result: {...(await runInSession(client, sessionId, step, signal))}}
    case 'keys':
      return typed(await client.request('session.keys', {session_id, keys: step.keys}))
    case 'type':
      return typed(await client.request('session.input', {session_id, text: step.text, drives: true}))
    case 'paste':
      return typed(await client.request('session.paste', {session_id, text: step.text}))
    case 'signal':
      return typed(await client.request('session.signal', {session_id, signal: step.signal}))
    case 'wait': {
      const {condition, timeout_ms: timeoutMs = defaultWaitMs} = step
      const end = await waitForScreen(client, sessionId, condition, {timeoutMs, after, signal})
      if (end === 'met') return {result: {timed_out: false}}
      throw new ScreenWaitError(end, {condition, timeoutMs})
    }
    case 'snapshot':
      return {result: await client.request('screen.snapshot', {session_id, scrollback: step.scrollback})}
    case 'resize':
      await client.request('session.resize', {session_id, cols: step.cols, rows: step.rows})
      return {result: {}}
    case 'mark':
      return {result: await client.request('session.mark', {session_id, name: step.name})}
  }
}

function typed(result: {screen_version?: number | undefined}): StepResult {
  return {result, screenVersion: result.screen_version}
}
