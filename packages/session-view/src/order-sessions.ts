import type {SessionSummary} from '@holdfast/protocol'

/**
 * Sessions in the order of the board: those that wait for the user, those that were open before a restart of the machine, the other
 * open ones, commands of `holdfast run`, closed ones; each the last used first. Pure.
 */
export function orderSessions(sessions: Iterable<SessionSummary>): SessionSummary[] {
  return [...sessions].sort(
    (first, second) =>
      rankOf(first) - rankOf(second) || second.updated_at - first.updated_at || compareIds(first, second),
  )
}

function rankOf({state, waits_for, before_restart, one_shot}: SessionSummary): number {
  if (state === 'unreadable') return 5
  if (state === 'closed') return 4
  if (waits_for !== undefined) return 0
  if (one_shot === true) return 3
  return before_restart === true ? 1 : 2
}

function compareIds(first: SessionSummary, second: SessionSummary): number {
  return first.id < second.id ? -1 : 1
}
