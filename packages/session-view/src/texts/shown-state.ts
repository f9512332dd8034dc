import type {SessionSummary} from '@holdfast/protocol'

/** What a list shows as the state of a session. `silent`: its machine does not answer, so nobody knows what it does. Pure. */
export function shownState({
  state,
  machine_silent,
}: Pick<SessionSummary, 'state' | 'machine_silent'>): SessionSummary['state'] | 'silent' {
  return machine_silent === true ? 'silent' : state
}
