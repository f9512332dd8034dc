import type {InputObstacle} from '@holdfast/protocol'
import {formatDuration} from '@holdfast/session-view'

export interface SendFacts {
  /** What was in the way at the last attempt. */
  obstacle: InputObstacle
  isSecret: boolean
  /** Since the first attempt, ms. */
  waitedMs: number
  timeoutMs: number
}

/** What to do after input was not typed: try again, or give up, with the reason. */
export type SendPlan = {kind: 'again'} | {kind: 'give-up'; message: string}

const reasons: Readonly<Record<InputObstacle, string>> = {
  'not-running': 'the command has not started',
  'not-reading': 'the program does not read its terminal',
  echo: 'the terminal shows what is typed, so a secret would be visible: send it without --secret if it is none',
  'by-line': 'the program reads a line',
  'by-key': 'the program reads key by key and may show the keys: without --secret, it gets them',
  unknown: 'this system does not tell whether the terminal shows what is typed: use `holdfast attach`',
}

export function planSend({obstacle, isSecret, waitedMs, timeoutMs}: SendFacts): SendPlan {
  // Waiting does not make it known.
  const isFinal = obstacle === 'unknown'
  if (!isFinal && waitedMs < timeoutMs) return {kind: 'again'}
  const what = isSecret ? 'the program to ask for a secret' : 'the program to read'
  const waited = isFinal ? `expected ${what}` : `waited ${formatDuration(timeoutMs)} for ${what}`
  return {kind: 'give-up', message: `nothing was sent: ${waited}, but ${reasons[obstacle]}`}
}
