import type {SessionSummary} from '@holdfast/protocol'

/** An open session in the line of tabs. */
export interface Tab {
  id: string
  title: string
  /** It is on the screen. */
  isCurrent: boolean
  /** What it does, or did since the user looked at it. */
  mark?: 'running' | 'ended' | undefined
  /** What waits for the user: see `waits_for` of a summary. */
  waitsFor?: string | undefined
}

type Sessions = ReadonlyMap<string, SessionSummary>

/**
 * The sessions with a host, and the one on the screen, in the order in which they were made: so a new one does not move the others.
 * Those that end with their command have no tab. `ended`: the ids of those in which something has ended. Pure.
 */
export function planTabs(
  sessions: Sessions,
  currentId: string | undefined,
  ended: ReadonlySet<string>,
): readonly Tab[] {
  return [...sessions.values()]
    .filter(({id, state, one_shot}) => id === currentId || (isHosted(state) && one_shot !== true))
    .sort((one, other) => one.created_at - other.created_at || (one.id < other.id ? -1 : 1))
    .map(({id, title, state, machine_silent: isSilent, waits_for}) => {
      const isCurrent = id === currentId
      // What the session on the screen does and waits for is on the screen already.
      if (isCurrent) return {id, title, isCurrent}
      const mark = state === 'running' && isSilent !== true ? 'running' : ended.has(id) ? 'ended' : undefined
      return {id, title, isCurrent, mark, waitsFor: waits_for}
    })
}

/** The ids of the sessions in which a command has ended since the user looked, after one more change. Pure. */
export function noteEnded(
  ended: ReadonlySet<string>,
  before: Sessions | undefined,
  now: Sessions,
  currentId: string | undefined,
): ReadonlySet<string> {
  const next = new Set<string>()
  for (const [id, {state}] of now) {
    const hasEnded = before?.get(id)?.state === 'running' && state === 'idle'
    if (id !== currentId && state === 'idle' && (hasEnded || ended.has(id))) next.add(id)
  }
  return next
}

function isHosted(state: SessionSummary['state']): boolean {
  return state === 'running' || state === 'idle'
}
