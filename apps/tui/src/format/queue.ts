import type {SessionState} from '@holdfast/protocol'

/** Texts for the `reason` of `queue.held`. */
const reasons: Readonly<Record<string, string>> = {
  interrupted: 'an earlier command was interrupted',
  failed: 'an earlier command failed',
  stopped: 'an earlier command was stopped',
  'exit-status-unknown': 'the exit status of an earlier command is unknown',
  'shell-exited': 'the shell has ended',
  'host-died': 'the host process died',
  'host-ended': 'the host process was stopped',
}

/** Why the queue waits: `an earlier command failed`. */
export function describeHoldReason({reason}: {reason: string}): string {
  return reasons[reason] ?? 'a command before them failed'
}

/** Why prompts are held: `2 prompts wait: an earlier command failed`; undefined if none is. Pure. */
export function describeHeld({held, queue}: Pick<SessionState, 'held' | 'queue'>): string | undefined {
  const count = heldPrompts(queue).length
  if (held === null || count === 0) return undefined
  return `${count === 1 ? '1 prompt waits' : `${count} prompts wait`}: ${describeHoldReason(held)}`
}

export function heldPrompts(queue: SessionState['queue']): SessionState['queue'] {
  return queue.filter(({held}) => held === true)
}
