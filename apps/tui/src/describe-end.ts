import type {EventPayload} from '@holdfast/protocol'

import {formatDuration} from './format.ts'

/** Why a prompt did not complete, as a person would say it. */
const reasons: Readonly<Record<string, string>> = {
  'host-died': 'the process that held its shell died',
  'host-ended': 'the process that held its shell was told to end',
  'incomplete-input': 'a quote, a bracket or a heredoc was left open',
  'session-closed': 'the session was closed',
  'shell-killed': 'the shell was killed',
}

/** How a prompt ended, in a few words: `✓ 0.3 s`, `✗ exit 3 · 0.3 s`, `■ interrupted · exit 130 · 1.2 s`. */
export function describeEnd(payload: EventPayload<'message.complete'>): string {
  const {status, reason, exit_code, signal, duration_ms} = payload
  const isGood = status === 'complete' && (exit_code ?? 0) === 0 && signal === undefined
  const why = reason === undefined || reason === 'user' ? '' : `: ${reasons[reason] ?? reason}`
  const words = [
    ...(status === 'complete' ? [] : [`${status}${why}`]),
    ...(exit_code === undefined || isGood ? [] : [`exit ${exit_code}`]),
    ...(signal === undefined ? [] : [signal]),
    ...(duration_ms === undefined ? [] : [formatDuration(duration_ms)]),
  ]
  return `${isGood ? '✓' : status === 'interrupted' ? '■' : '✗'} ${words.join(' · ')}`
}
