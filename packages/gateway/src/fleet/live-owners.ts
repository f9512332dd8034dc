import type {SessionSummary} from '@holdfast/protocol'

import type {SummaryEvent} from '../stored-sessions/summary-sender.ts'
import {isLive} from './merge-lists.ts'

/**
 * Which machine runs each session, as far as one client was told. A machine that a session has left still has its log: what it says of
 * the session does not count while another one runs it.
 */
export interface LiveOwners {
  /** Whether the client may be told of an event of a machine. */
  take(machine: string, event: SummaryEvent): boolean
  /** The client was told a list. */
  set(sessions: readonly SessionSummary[]): void
}

export function createLiveOwners(): LiveOwners {
  const owners = new Map<string, string>()
  return {
    take(machine, event) {
      const {session_id: id} = event
      if (event.type === 'session.changed' && isLive(event.payload)) {
        owners.set(id, machine)
        return true
      }
      const owner = owners.get(id)
      if (owner !== undefined && owner !== machine) return false
      owners.delete(id)
      return true
    },
    set(sessions) {
      for (const session of sessions) if (isLive(session)) owners.set(session.id, session.machine ?? '')
    },
  }
}
