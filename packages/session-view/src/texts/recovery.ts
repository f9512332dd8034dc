import type {SessionState} from '@holdfast/protocol'
import {toPlainLine} from '@holdfast/terminal/plain'

import {shorten} from './shorten.ts'

/** The part of the command that is shown, UTF-16 units. */
const maxCommandLength = 40

export interface RecoveryFacts {
  /** How the connection was lost. */
  reason: string
  /** The state of the session after all missed events. */
  state: SessionState
  /** The command that ran when the connection was lost. */
  runningBefore: SessionState['running']
  /** The gateway runs elsewhere: only the connection was lost. */
  isRemote: boolean
}

/** What happened, and whether the command of before still runs. */
export function describeRecovery({reason, state, runningBefore, isRemote}: RecoveryFacts): string {
  const what = isRemote
    ? `The connection was lost (${reason}) and restored`
    : `The gateway died (${reason}) and was restarted`
  if (runningBefore === null) return `${toPlainLine(what)}.`
  const isRunning = state.running?.prompt_id === runningBefore.prompt_id
  return `${toPlainLine(what)}; \`${shorten(runningBefore.text.trim(), maxCommandLength)}\` ${isRunning ? 'is still running' : 'ended meanwhile'}.`
}
