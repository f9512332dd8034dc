import type {Activity, ProgramInput, SessionState} from '@holdfast/protocol'
import {agentAtWork} from '@holdfast/session-view'

/**
 * For whom the typed line is. `prompt`: it runs, or waits in the queue. `program`: the running program reads a line or a key. `secret`:
 * it reads a line that it does not show.
 */
export type Target = 'prompt' | 'program' | 'secret'

export interface TargetFacts {
  state: Pick<SessionState, 'info' | 'running'> | undefined
  activity: Pick<Activity, 'input'> | undefined
  /** The user has chosen to type a command all the same. */
  wantsPrompt: boolean
}

/** What the running program reads; `undefined`: no program of the user runs. Pure. */
export function programInput({state, activity}: Omit<TargetFacts, 'wantsPrompt'>): ProgramInput | undefined {
  // An agent reads no input while it works.
  if (state === undefined || state.running === null || agentAtWork(state) !== undefined) return undefined
  return activity?.input ?? 'none'
}

/** Pure. */
export function targetOf({wantsPrompt, ...facts}: TargetFacts): Target {
  const input = programInput(facts)
  // A secret must not become a prompt, whatever the user has chosen before.
  if (input === 'hidden') return 'secret'
  return (input === 'line' || input === 'key') && !wantsPrompt ? 'program' : 'prompt'
}
