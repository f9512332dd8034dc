import type {EventPayload} from '@holdfast/protocol'
import {toPlainLine} from '@holdfast/terminal'

import {formatBytes, formatDuration} from './quantities.ts'

/** Why a prompt did not complete, as a person would say it. */
const reasons: Readonly<Record<string, string>> = {
  'host-died': 'the process that held its shell died',
  'host-ended': 'the process that held its shell was told to end',
  'incomplete-input': 'a quote, a bracket or a heredoc was left open',
  'log-damaged': 'the log of the session was damaged',
  'session-closed': 'the session was closed',
  'shell-killed': 'the shell was killed',
  withdrawn: 'it was taken out of the queue',
}

/** How a prompt ended, in a few words: `✓ 0.3 s`, `✗ exit 3 · 0.3 s`, `■ interrupted · exit 130 · 1.2 s`,
 * `? exit status unknown` where the user has taken the shell's hooks away. */
export function describeEnd(payload: EventPayload<'message.complete'>): string {
  const {status, reason, exit_code, signal, duration_ms} = payload
  if (reason === 'exit-status-unknown')
    return `? exit status unknown${duration_ms === undefined ? '' : ` · ${formatDuration(duration_ms)}`}`
  const isGood = status === 'complete' && (exit_code ?? 0) === 0 && signal === undefined
  const words = [
    ...(status === 'complete' ? [] : [describeStatus(payload)]),
    ...(exit_code === undefined || isGood ? [] : [`exit ${exit_code}`]),
    ...(signal === undefined ? [] : [toPlainLine(signal)]),
    ...(duration_ms === undefined ? [] : [formatDuration(duration_ms)]),
  ]
  return `${isGood ? '✓' : status === 'interrupted' ? '■' : '✗'} ${words.join(' · ')}`
}

/** How a prompt came not to complete: `interrupted`, `failed: the shell was killed`. */
export function describeStatus({status, reason}: EventPayload<'message.complete'>): string {
  return reason === undefined || reason === 'user' ? status : `${status}: ${reasons[reason] ?? toPlainLine(reason)}`
}

/** What stands where output was not kept: `… 12.0 MiB of output were not kept …`. */
export function describeElided({bytes}: {bytes: number}): string {
  return `… ${formatBytes(bytes)} of output were not kept …`
}

/** What stands where a terminal was attached: `attached 2 min 3 s`. */
export function describeAttached({duration_ms}: EventPayload<'attach.end'>): string {
  return `attached ${formatDuration(duration_ms)}`
}

/** It did not run, and nobody wants it to be spoken of any more. */
export function wasWithdrawn({reason}: EventPayload<'message.complete'>): boolean {
  return reason === 'withdrawn'
}
