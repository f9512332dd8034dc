import type {LoggedEvent} from '@holdfast/protocol'

import {describeShellExited, wasWithdrawn} from '../../format/outcomes.ts'
import type {Block} from './block.ts'

/** The block of an event; `undefined` for output and for events without one. Pure. */
export function blockOf(event: LoggedEvent): Block | undefined {
  switch (event.type) {
    case 'message.start':
      return {kind: 'run-begin', text: event.payload.text}
    case 'message.complete':
      return wasWithdrawn(event.payload) ? undefined : {...event.payload, kind: 'run-end'}
    case 'session.closed':
      return {kind: 'closed'}
    case 'shell.exited':
      return {kind: 'note', text: describeShellExited(event.payload)}
    case 'note':
      return {kind: 'note', text: event.payload.text}
    default:
      return undefined
  }
}
