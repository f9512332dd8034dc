import type {Recovery} from '@holdfast/client'
import type {SessionState} from '@holdfast/protocol'
import {toPlainLine} from '@holdfast/terminal'

/** Characters of a command that are enough to know it again. */
const maxCommandLength = 40

export interface RecoveryFacts extends Recovery {
  /** What ran when the line was lost. */
  runningBefore: SessionState['running']
  /** The gateway is not ours: the line was lost, and perhaps nothing has died. */
  isRemote: boolean
}

/** What happened, and what became of the run in flight: only what is known after the resume. */
export function describeRecovery({reason, state, runningBefore, isRemote}: RecoveryFacts): string {
  const what = isRemote
    ? `The line was lost (${reason}) and is back`
    : `The gateway died (${reason}) and was started again`
  if (runningBefore === null) return `${toPlainLine(what)}.`
  const isRunning = state.running?.prompt_id === runningBefore.prompt_id
  return `${toPlainLine(what)}; \`${shorten(runningBefore.text)}\` ${isRunning ? 'runs on' : 'has ended meanwhile'}.`
}

function shorten(text: string): string {
  const characters = Array.from(toPlainLine(text.trim()))
  return characters.length <= maxCommandLength
    ? characters.join('')
    : `${characters.slice(0, maxCommandLength - 1).join('')}…`
}
