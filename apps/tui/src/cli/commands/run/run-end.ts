import type {EventPayload} from '@holdfast/protocol'

import {exitCodeOf} from '../../../format/exit-code.ts'
import {describeStatus} from '../../../format/outcomes.ts'
import {invocationFor, type GatewayChoice} from '../../../sessions/gateway-choice.ts'
import type {Left} from './watch-leaving.ts'

/** How `holdfast run` ends. */
export type RunEnd =
  /** The command has ended, and all that it printed is with the system. */
  | {kind: 'complete'; payload: EventPayload<'message.complete'>}
  /** It was accepted, and nobody waits for its end. */
  | {kind: 'accepted'}
  | Left
  | {kind: 'failed'; message: string}

/** How far it came. */
export interface RunProgress {
  sessionId: string | undefined
  gateway: GatewayChoice
  step: 'unsent' | 'accepted' | 'over'
}

/** The status to exit with, and what is to be said on stderr. Pure. */
export function describeRunEnd(end: RunEnd, progress: RunProgress): {exitCode: number; message?: string} {
  switch (end.kind) {
    case 'accepted':
      return {exitCode: 0}
    case 'left':
      return end
    case 'timed-out':
      return {exitCode: end.exitCode, message: whereItStands(progress)}
    case 'failed':
      return {exitCode: 1, message: end.message}
    case 'complete':
      return describeComplete(end.payload)
  }
}

function whereItStands({sessionId, step, gateway}: RunProgress): string {
  if (sessionId === undefined) return 'the time was over before there was a session'
  if (step === 'unsent') return `the time was over before session ${sessionId} had accepted the command`
  return `the command runs on in session ${sessionId}; ${invocationFor(gateway, 'show', sessionId, '--follow')}`
}

function describeComplete(payload: EventPayload<'message.complete'>): {exitCode: number; message?: string} {
  const {status, reason} = payload
  const exitCode = exitCodeOf(payload)
  return status === 'complete' || reason === 'user' ? {exitCode} : {exitCode, message: describeStatus(payload)}
}
