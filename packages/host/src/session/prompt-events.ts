import {constants} from 'node:os'

import type {EventLog} from '@holdfast/event-log'
import {
  beginningOf,
  type Approval,
  type NewEvent,
  type PromptStatus,
  type QueuedPrompt,
  type SessionState,
} from '@holdfast/protocol'
import type {Size} from '@holdfast/shell'

import type {PromptOutcome, ShellExited} from '../agent/agent.ts'
import {toTitle} from './to-title.ts'

/** Unlike the outcome of an agent, this may be `cancelled`: the prompt never ran. */
export type PromptEnd = Omit<PromptOutcome, 'status'> & {status: PromptStatus; by?: string | undefined}

/** The event that ends a prompt, which began in the folder `cwdBefore`. */
export function completeEvent(
  promptId: string,
  outcome: PromptEnd,
  durationMs: number | undefined,
  cwdBefore?: string,
): NewEvent {
  const {status, reason, exitCode, signal, lines, isStdinCut, cwd, shellCwd, by} = outcome
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
      stdin_cut: isStdinCut,
      cwd: shellCwd ?? (cwd === cwdBefore ? undefined : cwd),
      duration_ms: durationMs === undefined ? undefined : Math.round(durationMs),
      by,
    },
  }
}

export function shellExitedEvent({exitCode, signal}: ShellExited): NewEvent {
  return {type: 'shell.exited', payload: {exit_code: exitCode, signal}}
}

/**
 * The event that starts a prompt. `shellFolder`: of the shell that a session with a coding agent has for it. `size`: of its terminal, if
 * it has one.
 */
export function startEvent(
  {prompt_id, text, by}: QueuedPrompt,
  cwd: string,
  shellFolder: string | undefined,
  size: Size | undefined,
): NewEvent {
  const terminal = size === undefined ? {} : {cols: size.cols, rows: size.rows}
  if (shellFolder === undefined) return {type: 'message.start', payload: {prompt_id, text, cwd, ...terminal, by}}
  return {type: 'message.start', payload: {prompt_id, text, cwd: shellFolder, in_shell: true, ...terminal, by}}
}

/** Whether the host before had a shell, whose end the log does not tell. */
export function hasLostShell(log: Pick<EventLog, 'latestSeq' | 'read' | 'state'>): boolean {
  const {info, first_prompt, running, agent} = log.state() ?? {}
  if (info?.agent !== 'shell') return agent?.has_shell === true
  if (info.program !== undefined) return false
  // The end of the prompt tells it.
  if (running !== null) return true
  const [last] = log.read({afterSeq: log.latestSeq - 1})
  return first_prompt !== undefined && last?.type !== 'shell.exited'
}

/** Why the prompt of the previous host was cut short. A machine that takes a session over from one that is gone ends the log with a note about it. */
export function whyCutShort(log: Pick<EventLog, 'latestSeq' | 'read'>): 'host-died' | 'machine-gone' {
  // Behind the note, the queue may be held.
  const last = log.read({afterSeq: Math.max(0, log.latestSeq - 2)})
  const isGone = last.some(({type, payload}) => type === 'note' && payload.reason === 'machine-gone')
  return isGone ? 'machine-gone' : 'host-died'
}

/**
 * The ends of the tools that a coding agent was using, or asked about, when its host died: `not_run` where nobody had allowed the tool
 * to run, and `unknown` for any other.
 */
export function cutShortEvents(log: EventLog, promptId: string): NewEvent[] {
  /** What became of each tool, by its id. */
  const tools = new Map<string, 'ended' | 'not_run' | 'unknown'>()
  const questions = new Map<string, Approval>()
  for (const {type, payload} of log.readPrompt(promptId)) {
    if (type === 'tool.call' || type === 'tool.update') {
      const {tool_call_id, status} = payload
      const isAsked = tools.get(tool_call_id) === 'not_run' && (status === undefined || status === 'pending')
      if (status === 'completed' || status === 'failed') tools.set(tool_call_id, 'ended')
      else if (!isAsked && (status !== undefined || !tools.has(tool_call_id))) tools.set(tool_call_id, 'unknown')
    } else if (type === 'approval.request' && payload.tool_call_id !== undefined) {
      questions.set(payload.approval_id, payload)
      tools.set(payload.tool_call_id, 'not_run')
    } else if (type === 'approval.resolved') {
      const {tool_call_id, choices = []} = questions.get(payload.approval_id) ?? {}
      if (tool_call_id === undefined) continue
      const isRefused = choices.some(({id, kind}) => id === payload.choice && kind?.startsWith('reject') === true)
      if (!isRefused) tools.set(tool_call_id, 'unknown')
    }
  }
  const open = [...tools].filter(([, status]) => status !== 'ended')
  return open.map(([tool_call_id, status]) => ({
    type: 'tool.update',
    payload: {prompt_id: promptId, tool_call_id, status},
  }))
}

/** The exit status of a job that Ctrl-Z has stopped. */
const stoppedExitCode = 128 + constants.signals.SIGTSTP

/** The events that follow the end of a prompt: the shell exited, the folder changed, the command has not ended but stopped. */
export function afterEvents(outcome: PromptOutcome, info: SessionState['info']): NewEvent[] {
  const {shellExited, cwd = info.cwd} = outcome
  const events: NewEvent[] = []
  if (shellExited !== undefined) events.push(shellExitedEvent(shellExited))
  const isKept = info.one_shot === true && info.program === undefined && outcome.exitCode === stoppedExitCode
  if (cwd !== info.cwd || isKept) {
    events.push({type: 'session.info', payload: {...info, cwd, ...(isKept && {one_shot: undefined})}})
  }
  return events
}

/** A title that an agent gives to a session which has none of a user. */
export function titledEvents(text: string, info: SessionState['info']): NewEvent[] {
  const title = toTitle(text)
  if (info.untitled !== true || title === '') return []
  return [{type: 'session.info', payload: {...info, title, untitled: undefined}}]
}

/** An agent that has ended with its host does not wait for the answer any more. */
export function withdrawnEvent({prompt_id, approval_id}: Approval): NewEvent {
  return {type: 'approval.withdrawn', payload: {prompt_id, approval_id, reason: 'its host died'}}
}

/** The event that holds prompts of a queue after a failure of the prompt `text`; none without a failure, or with nothing to hold. */
export function holdEvents(
  queue: readonly QueuedPrompt[],
  outcome: PromptOutcome,
  text: string | undefined,
): NewEvent[] {
  const reason = holdReason(outcome)
  if (reason === undefined || !queue.some(({hold_on_failure, held}) => hold_on_failure === true && held !== true))
    return []
  return [{type: 'queue.held', payload: {reason, ...(text !== undefined && {text: beginningOf(text)})}}]
}

/** Why prompts that wait for the end of a prompt may not be wanted any more; undefined after a success. */
function holdReason({status, reason, exitCode, lines, shellExited, afterInterrupt}: PromptOutcome): string | undefined {
  // Then nothing runs any more.
  if (reason === 'session-closed') return undefined
  if (status === 'interrupted') return reason === undefined || reason === 'user' ? 'interrupted' : reason
  if (shellExited !== undefined) return 'shell-exited'
  if (status === 'failed' || lines !== undefined) return 'failed'
  if (exitCode === stoppedExitCode) return 'stopped'
  if (exitCode === undefined) return reason
  if (exitCode !== 0) return 'failed'
  // A server that Ctrl-C ends may say that all went well.
  return afterInterrupt === true ? 'interrupted' : undefined
}
