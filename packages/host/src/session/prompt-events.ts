import type {NewEvent, PromptStatus, SessionState} from '@holdfast/protocol'

import type {PromptOutcome} from '../agent/agent.ts'

/** Unlike the outcome of an agent, this may be `cancelled`: the prompt never ran. */
export type PromptEnd = Omit<PromptOutcome, 'status'> & {status: PromptStatus}

/** The event that ends a prompt. */
export function completeEvent(promptId: string, outcome: PromptEnd, durationMs: number | undefined): NewEvent {
  const {status, reason, exitCode, signal, lines} = outcome
  return {
    type: 'message.complete',
    payload: {
      prompt_id: promptId,
      status,
      reason,
      exit_code: exitCode,
      signal,
      lines_entered: lines?.entered,
      lines_total: lines?.total,
      duration_ms: durationMs === undefined ? undefined : Math.round(durationMs),
    },
  }
}

/** The events that follow the end of a prompt: the shell exited, the folder changed. */
export function afterEvents({shellExited, cwd}: PromptOutcome, info: SessionState['info']): NewEvent[] {
  const events: NewEvent[] = []
  if (shellExited !== undefined) {
    const {exitCode, signal} = shellExited
    events.push({type: 'shell.exited', payload: {exit_code: exitCode, signal}})
  }
  if (cwd !== undefined && cwd !== info.cwd) events.push({type: 'session.info', payload: {...info, cwd}})
  return events
}
