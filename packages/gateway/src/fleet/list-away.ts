import type {HeldSession} from '@holdfast/fleet'
import type {SessionSummary} from '@holdfast/protocol'

export interface AwayFacts {
  held: readonly HeldSession[]
  /** The machines that list their sessions themselves. */
  answered: ReadonlySet<string>
  /** The page begins after this id. */
  after: string | undefined
  /** The summary of the copy of a log, if there is one here. */
  copied: (sessionId: string) => SessionSummary | undefined
}

/** The sessions of machines that are away. An open one runs nowhere, until another machine takes it over. */
export function listAway({held, answered, after = '', copied}: AwayFacts): SessionSummary[] {
  return held
    .filter(({sessionId, machine, state}) => state !== 'deleted' && !answered.has(machine) && sessionId > after)
    .map(({sessionId, machine, state}) => {
      const copy = copied(sessionId)
      const known = copy === undefined || copy.state === 'unreadable' ? unknown(sessionId, machine) : copy
      return {...known, state: state === 'closed' ? 'closed' : 'stopped', machine}
    })
}

function unknown(id: string, machine: string) {
  return {id, title: `on ${machine}, which does not answer`, agent: '', cwd: '', created_at: 0, updated_at: 0}
}
