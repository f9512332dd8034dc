import type {HeldSession} from '@holdfast/fleet'
import {maxPageBytes, type Result, type SessionSummary} from '@holdfast/protocol'

type Page = Result<'session.list'>

/** A page of one machine. */
export interface MachinePage extends Page {
  /** `undefined`: a home that belongs to no fleet. */
  machine: string | undefined
}

export interface MergeOptions {
  /** Who holds each session that is claimed, as far as is known. */
  holders?: ReadonlyMap<string, Pick<HeldSession, 'machine' | 'state'>>
  maxBytes?: number
}

/**
 * Joins the pages of machines that begin after the same id. Pages go on in the order of ids: so this one ends where the first of
 * them ends, or where it has `maxBytes`. Within it, sessions come in the order of their last use. Pure.
 */
export function mergeLists(pages: readonly MachinePage[], options: MergeOptions = {}): Page {
  const {holders = new Map(), maxBytes = maxPageBytes} = options
  const byId = new Map<string, SessionSummary>()
  const stale = new Map<string, SessionSummary>()
  const add = (to: Map<string, SessionSummary>, summary: SessionSummary) => {
    const other = to.get(summary.id)
    to.set(summary.id, other === undefined ? summary : preferSummary(other, summary))
  }
  for (const {machine, sessions} of pages) {
    for (const session of sessions) {
      const held = holders.get(session.id)
      if (held?.state === 'deleted') continue
      if (machine === undefined) add(byId, session)
      else if (held === undefined || held.machine === machine || isLive(session)) add(byId, {...session, machine})
      else add(stale, {...session, machine: held.machine})
    }
  }
  // Its machine does not list it: it is away, or about to take the session over.
  for (const [id, summary] of stale) if (!byId.has(id)) byId.set(id, summary)
  const ends = pages.flatMap(({next}) => (next === undefined ? [] : [next]))
  let next = ends.length === 0 ? undefined : ends.reduce((first, second) => (first < second ? first : second))
  const ids = [...byId.keys()].sort()
  const sessions: SessionSummary[] = []
  let bytes = 0
  for (const id of ids) {
    if (next !== undefined && id > next) break
    const summary = byId.get(id)!
    bytes += Buffer.byteLength(JSON.stringify(summary))
    if (bytes > maxBytes && sessions.length > 0) {
      next = sessions.at(-1)!.id
      break
    }
    sessions.push(summary)
  }
  sessions.sort((first, second) => lastUse(second) - lastUse(first))
  return next === undefined ? {sessions} : {sessions, next}
}

/** Of two logs of one session, the one of the machine that runs it, or that has seen more of it. */
function preferSummary(first: SessionSummary, second: SessionSummary): SessionSummary {
  const [one, other] = [rankOf(first), rankOf(second)]
  if (one !== other) return one > other ? first : second
  const [seq, otherSeq] = [first.latest_seq ?? 0, second.latest_seq ?? 0]
  if (seq !== otherSeq) return seq > otherSeq ? first : second
  return first.updated_at >= second.updated_at ? first : second
}

function rankOf({state}: SessionSummary): number {
  if (isLive({state})) return 2
  return state === 'unreadable' ? 0 : 1
}

/** Whether a session is known to have a host. */
export function isLive({state, machine_silent}: Pick<SessionSummary, 'state' | 'machine_silent'>): boolean {
  return (state === 'running' || state === 'idle') && machine_silent !== true
}

function lastUse({state, updated_at}: SessionSummary): number {
  return state === 'unreadable' ? -Infinity : updated_at
}
