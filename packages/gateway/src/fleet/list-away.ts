import type {HeldSession} from '@holdfast/fleet'
import type {SessionSummary} from '@holdfast/protocol'

export interface AwayFacts {
  held: readonly HeldSession[]
  /** The machines that list their sessions themselves. */
  answered: ReadonlySet<string>
  /** The machines that have a lease; `undefined`: not known. */
  leased: ReadonlySet<string> | undefined
  /** The page begins after this id. */
  after: string | undefined
  /** The summary of the copy of a log, if there is one here. */
  copied: (sessionId: string) => SessionSummary | undefined
}

/**
 * The sessions of machines that do not answer. If the lease of its machine has run out, an open session is `stopped` until another machine
 * takes it over; otherwise nobody knows whether it runs, so it is `machine_silent`, too.
 */
export function listAway({held, answered, leased, after = '', copied}: AwayFacts): SessionSummary[] {
  return held
    .filter(({sessionId, machine, state}) => state !== 'deleted' && !answered.has(machine) && sessionId > after)
    .map(({sessionId, machine, state}) => {
      const copy = copied(sessionId)
      const known = copy === undefined || copy.state === 'unreadable' ? unknown(sessionId, machine) : copy
      if (state === 'closed') return {...known, state, machine}
      const isGone = leased?.has(machine) === false
      return {...known, state: 'stopped', machine, ...(!isGone && {machine_silent: true, waits_for: undefined})}
    })
}

function unknown(id: string, machine: string) {
  return {id, title: `on ${machine}, which does not answer`, agent: '', cwd: '', created_at: 0, updated_at: 0}
}
