import type {SessionState} from '@holdfast/protocol'
import {toListLine} from '@holdfast/terminal/plain'

import {shorten} from './shorten.ts'

/** Texts for the `reason` of `queue.held`, which follow the command. */
const reasons: Readonly<Record<string, string>> = {
  interrupted: 'was interrupted',
  failed: 'failed',
  stopped: 'was stopped',
  'exit-status-unknown': 'ended with an unknown exit status',
  'shell-exited': 'ended with its shell',
  'host-died': 'ended when its host died',
  'host-ended': 'ended when its host was stopped',
  'machine-gone': 'ended when its machine was gone',
}
/** UTF-16 units of the command. */
const maxCommandLength = 32

/** Why the queue waits: `make` failed. Pure. */
export function describeHoldReason({reason, text}: {reason: string; text?: string | undefined}): string {
  // Not after a command: any of them may have begun there.
  if (reason === 'machine-gone' && text === undefined) return 'they may have begun on the machine that is gone'
  const command = text === undefined ? 'an earlier prompt' : `\`${shorten(text, maxCommandLength)}\``
  return `${command} ${reasons[reason] ?? 'failed'}`
}

/** Why prompts are held: 2 prompts wait: `make` failed; undefined if none is. Pure. */
export function describeHeld({held, queue}: Pick<SessionState, 'held' | 'queue'>): string | undefined {
  const count = heldPrompts(queue).length
  if (held === null || count === 0) return undefined
  return `${count === 1 ? '1 prompt waits' : `${count} prompts wait`}: ${describeHoldReason(held)}`
}

/** Waiting prompts as numbered lines; held ones are marked where others are not held. Pure. */
export function queueLines(waiting: readonly {text: string; held?: boolean | undefined}[]): string[] {
  const areAllHeld = waiting.every(({held}) => held === true)
  return waiting.map(
    ({text, held}, at) => `${at + 1}. ${held === true && !areAllHeld ? '(held) ' : ''}${toListLine(text)}`,
  )
}

export function heldPrompts(queue: SessionState['queue']): SessionState['queue'] {
  return queue.filter(({held}) => held === true)
}
