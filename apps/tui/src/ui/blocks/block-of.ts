import type {LoggedEvent} from '@holdfast/protocol'
import {describeMark, describeShellExited, wasWithdrawn} from '@holdfast/session-view'

import type {Block, RunBegun} from './block.ts'

/** Where a session is. */
export type Place = Omit<RunBegun, 'at' | 'by'>

/** The block of an event, which happened at `place` in a session with this agent; `undefined` for output and for events without one. Pure. */
export function blockOf(event: LoggedEvent, place: Place = {}, agent = 'shell'): Block | undefined {
  switch (event.type) {
    case 'message.start':
      return {
        kind: 'run-begin',
        text: event.payload.text,
        begun: {at: event.at, by: event.payload.by, ...place},
        isForAgent: agent !== 'shell' && event.payload.in_shell !== true,
      }
    case 'message.complete':
      return wasWithdrawn(event.payload) ? undefined : {...event.payload, kind: 'run-end'}
    case 'session.closed':
      return {...event.payload, kind: 'closed'}
    case 'shell.exited':
      return {kind: 'note', text: describeShellExited(event.payload)}
    case 'session.marked':
      return {kind: 'note', text: describeMark(event.payload)}
    case 'note':
      return {kind: 'note', text: event.payload.text}
    default:
      return undefined
  }
}
