import type {ClientSession} from '@holdfast/client'

import type {QueueActions} from '../ui/composer/queue-overlay.ts'
import {createTakeBack} from './take-back.ts'

export interface QueueActionsOptions {
  session: () => ClientSession | undefined
  setNotice: (notice: string) => void
  tell: (error: unknown) => void
}

/** The actions of the queue's overlay; failures are reported by `tell`. */
export function createQueueActions({session, setNotice, tell}: QueueActionsOptions): Omit<QueueActions, 'onEdit'> {
  const takeBack = createTakeBack(session)
  return {
    async withdraw(promptId) {
      try {
        const text = await takeBack(promptId)
        if (text === undefined) setNotice('It is already running: Ctrl-C interrupts it')
        return text
      } catch (error) {
        tell(error)
        return undefined
      }
    },
    promote: async (promptId) => void (await session()?.promote(promptId).catch(tell)),
    interrupt: () => void session()?.interrupt().catch(tell),
  }
}
