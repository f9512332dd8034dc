import type {ClientSession} from '@holdfast/client'
import {describeHeld, heldPrompts} from '@holdfast/session-view'

/** How to answer that prompts wait. */
export const heldCommands = '/continue runs what waits, /drop removes it.'

/** Prompts in the queue that wait for a user after a failure. */
export interface HeldPrompts {
  /** See `describeHeld`. */
  readonly why: string | undefined
  /** Lets them run. */
  goOn(): Promise<void>
  /** Removes them. */
  drop(): Promise<void>
}

export function createHeldPrompts(
  session: () => Pick<ClientSession, 'state' | 'continueQueue' | 'withdraw'> | undefined,
): HeldPrompts {
  return {
    get why() {
      const state = session()?.state
      return state && describeHeld(state)
    },
    async goOn() {
      await session()?.continueQueue()
    },
    async drop() {
      const open = session()
      for (const {prompt_id} of heldPrompts(open?.state.queue ?? [])) await open?.withdraw(prompt_id)
    },
  }
}
