import type {SessionSummary} from '@holdfast/protocol'

/** Sessions that were last used before then, and that nobody has open. What cannot be read is not judged. */
export function selectOld(sessions: readonly SessionSummary[], before: number): SessionSummary[] {
  return sessions.filter(({state, updated_at}) => (state === 'closed' || state === 'stopped') && updated_at < before)
}
