import type {SessionSummary} from '@holdfast/protocol'

import type {SummaryEvent} from '../stored-sessions/summary-sender.ts'
import {isLive} from './merge-lists.ts'
import type {SessionHolder} from './plan-route.ts'

/**
 * Which machine has each session, and whether it runs there, as far as one client was told. A machine that a session has left may still have
 * its log, and removes it later; one that it comes to has none yet. What these say of the session does not count.
 */
export interface LiveOwners {
  /** Whether the client may be told of an event of a machine. `ask`: that depends on what the cluster says of the session. */
  judge(machine: string, event: SummaryEvent): 'tell' | 'drop' | 'ask'
  /** The same, with what the cluster says; `unknown`: it does not answer. */
  decide(machine: string, event: SummaryEvent, holder: SessionHolder | undefined | 'unknown'): 'tell' | 'drop'
  /** The client was told of it. */
  told(machine: string, event: SummaryEvent): void
  /** The client was told a list. */
  set(sessions: readonly SessionSummary[]): void
  /** The sessions that the client now shows as `machine_silent`, each as the client last received it. */
  silent(): SessionSummary[]
}

/** Of more sessions, those are forgotten of which the client was told longest ago. */
const maxKnown = 10_000

interface Owner {
  machine: string
  isLive: boolean
  /** What the client shows of it, if its machine is silent there. */
  silent: SessionSummary | undefined
}

export function createLiveOwners(): LiveOwners {
  const owners = new Map<string, Owner>()
  const note = (machine: string, summary: SessionSummary) => {
    const {id, machine_silent} = summary
    owners.delete(id)
    owners.set(id, {machine, isLive: isLive(summary), silent: machine_silent === true ? summary : undefined})
    if (owners.size > maxKnown) owners.delete(owners.keys().next().value!)
  }
  const otherOwner = (machine: string, id: string) => {
    const owner = owners.get(id)
    return owner?.machine === machine ? undefined : owner
  }
  const judge: LiveOwners['judge'] = (machine, event) => {
    if (event.type === 'session.deleted') return otherOwner(machine, event.session_id) === undefined ? 'ask' : 'drop'
    // A host runs only where its machine has the session.
    if (isLive(event.payload)) return 'tell'
    return owners.get(event.session_id)?.machine === machine ? 'tell' : 'ask'
  }
  return {
    judge,
    decide(machine, event, holder) {
      const verdict = judge(machine, event)
      if (verdict !== 'ask') return verdict
      if (holder === undefined || holder === 'unknown')
        return otherOwner(machine, event.session_id)?.isLive === true ? 'drop' : 'tell'
      return countsAtRest(machine, event, holder) ? 'tell' : 'drop'
    },
    told(machine, event) {
      if (event.type === 'session.deleted') owners.delete(event.session_id)
      else note(machine, event.payload)
    },
    set(sessions) {
      for (const session of sessions) note(session.machine ?? '', session)
    },
    silent: () => [...owners.values()].flatMap(({silent}) => silent ?? []),
  }
}

/**
 * Whether the event of a machine about a session that no host runs there counts: a machine that was away has the log of a session that
 * another one has taken over, and then clears it away.
 */
function countsAtRest(machine: string, {type}: SummaryEvent, holder: SessionHolder): boolean {
  if (holder.state === 'deleted') return type === 'session.deleted'
  return holder.machine === machine
}
