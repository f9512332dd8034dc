import {constants} from 'node:os'

import type {EventPayload} from '@holdfast/protocol'
import {describeLines, describeStatus, exitCodeOf, stoppedExitCode} from '@holdfast/session-view'

import {invocationFor, type GatewayChoice} from '../../../sessions/gateway-choice.ts'
import type {Left} from './watch-leaving.ts'

/** How `holdfast run` ends. */
export type RunEnd =
  /** The command has ended, and its output is written. */
  | {kind: 'complete'; payload: EventPayload<'message.complete'>}
  /** Accepted; `--no-wait` does not wait for its end. */
  | {kind: 'accepted'}
  | Left
  /** Nobody reads stdout any more. */
  | {kind: 'reader-gone'; exitCode: number}
  | {kind: 'failed'; message: string}

/** How far the command got. */
export interface RunProgress {
  sessionId: string | undefined
  gateway: GatewayChoice
  /** `sent`: the answer has not come, and the command may run. `over`: it has ended, or never runs. */
  step: 'unsent' | 'sent' | 'accepted' | 'over'
  /** The user has pressed Ctrl-C. */
  isInterrupted: boolean
}

/** As a shell reports a command that Ctrl-C has ended. */
const interruptedExitCode = 128 + constants.signals.SIGINT

const stdinCut =
  'the command has not read all of stdin: the connection was lost for more than a minute, and its stdin ended; run it again'

/** The exit code of `holdfast run`, and its message on stderr. Pure. */
export function describeRunEnd(end: RunEnd, progress: RunProgress): {exitCode: number; message?: string} {
  switch (end.kind) {
    case 'accepted':
      return {exitCode: 0}
    case 'left': {
      const message = describeRunning(progress)
      return {exitCode: end.exitCode, ...(message !== undefined && {message})}
    }
    case 'reader-gone':
      return {exitCode: end.exitCode}
    case 'timed-out':
      return {exitCode: end.exitCode, message: describeRunning(progress) ?? describeTimeout(progress)}
    case 'failed':
      return {exitCode: 1, message: end.message}
    case 'complete':
      return describeComplete(end.payload, progress)
  }
}

/** Where a command runs on that nobody waits for; undefined if none does. */
function describeRunning({sessionId, step, gateway}: RunProgress): string | undefined {
  if (sessionId === undefined || step === 'unsent' || step === 'over') return undefined
  const where = step === 'sent' ? 'may be running' : 'is still running'
  return `the command ${where} in session ${sessionId}; \`${invocationFor(gateway, 'show', sessionId, '--follow')}\` prints its output`
}

function describeTimeout({sessionId}: RunProgress): string {
  if (sessionId === undefined) return 'timed out before a session was created'
  return `timed out before session ${sessionId} accepted the command`
}

function describeComplete(
  payload: EventPayload<'message.complete'>,
  {isInterrupted, sessionId = '', gateway}: RunProgress,
): {exitCode: number; message?: string} {
  const {status, reason} = payload
  const exitCode = isInterrupted && reason === 'withdrawn' ? interruptedExitCode : exitCodeOf(payload)
  if (exitCode === stoppedExitCode) {
    const message = `stopped: continue it with \`fg\` in \`${invocationFor(gateway, '--resume', sessionId)}\``
    return {exitCode, message}
  }
  if (payload.stdin_cut === true) return {exitCode: exitCode === 0 ? 1 : exitCode, message: stdinCut}
  const lines = describeLines(payload)
  const isPlain = lines === undefined && (status === 'complete' ? reason === undefined : reason === 'user')
  if (isPlain) return {exitCode}
  const message = status === 'complete' && lines !== undefined ? 'not all lines ran' : describeStatus(payload)
  return {exitCode, message: lines === undefined ? message : `${message} (${lines})`}
}
