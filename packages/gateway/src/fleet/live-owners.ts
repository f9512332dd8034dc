import type {SessionSummary} from '@holdfast/protocol'

import type {SummaryEvent} from '../stored-sessions/summary-sender.ts'
import {isLive} from './merge-lists.ts'

/**
 * Which machine has each session, and whether it runs there, as far as one client was told. A machine that a session has left may still have
 * its log, and removes it later; one that it comes to has none yet. What these say of the session does not count.
 */
export interface LiveOwners {
  /** Whether the client may be told of an event of a machine. */
  take(machine: string, event: SummaryEvent): boolean
  /** The client was told a list. */
  set(sessions: readonly SessionSummary[]): void
}

/** Of more sessions, those are forgotten of which the client was told longest ago. */
const maxKnown = 10_000

export function createLiveOwners(): LiveOwners {
  const owners = new Map<string, {machine: string; isLive: boolean}>()
  const note = (id: string, owner: {machine: string; isLive: boolean}) => {
    owners.delete(id)
    owners.set(id, owner)
    if (owners.size > maxKnown) owners.delete(owners.keys().next().value!)
  }
  return {
    take(machine, event) {
      const {session_id: id} = event
      const owner = owners.get(id)
      const isOther = owner !== undefined && owner.machine !== machine
      if (event.type === 'session.deleted') {
        if (isOther) return false
        owners.delete(id)
        return true
      }
      const isLiveHere = isLive(event.payload)
      if (isOther && owner.isLive && !isLiveHere) return false
      note(id, {machine, isLive: isLiveHere})
      return true
    },
    set(sessions) {
      for (const session of sessions) note(session.id, {machine: session.machine ?? '', isLive: isLive(session)})
    },
  }
}
