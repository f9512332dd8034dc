import type {ProgramInput} from '@holdfast/protocol'

import type {Settings} from '../../settings/settings-schema.ts'

export interface AttachFacts {
  setting: Settings['attach']
  /** What the running program reads; `undefined`: none runs, or nothing is known. */
  input: ProgramInput | undefined
  /** The session can be reached. */
  isReached: boolean
  /** The user has used the program from here, and not from another screen: it was submitted, answered or opened here. */
  isOurs: boolean
  isAttachedElsewhere: boolean
  /** The user has taken the terminal back since the program began to want it, or has lost it to another client. */
  isDeclined: boolean
  /** The user is in the midst of something else: a menu is open, a paste arrives, a prompt is being typed. */
  isBusy: boolean
}

/**
 * What to do with the terminal. `give`: the program gets it now. `offer`: a line on the screen tells the key. `nothing`: the
 * program does not want it.
 */
export type AttachPlan = 'give' | 'offer' | 'nothing'

/** Pure. */
export function planAttach(facts: AttachFacts): AttachPlan {
  const {setting, input, isReached, isOurs, isAttachedElsewhere, isDeclined, isBusy} = facts
  if (input !== 'terminal' || !isReached) return 'nothing'
  // Attaching would detach the other client.
  const mayGive = setting === 'auto' && isOurs && !isAttachedElsewhere && !isDeclined
  return mayGive && !isBusy ? 'give' : 'offer'
}
