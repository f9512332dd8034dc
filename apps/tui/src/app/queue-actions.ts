import type {ClientSession} from '@holdfast/client'

import type {QueueActions} from '../ui/composer/queue-overlay.ts'

export interface QueueActionsOptions {
  session: () => Pick<ClientSession, 'state' | 'withdraw' | 'promote' | 'interrupt'> | undefined
  setNotice: (notice: string) => void
  reportError: (error: unknown) => void
}

/** The actions of the queue's overlay. */
export function createQueueActions({
  session,
  setNotice,
  reportError,
}: QueueActionsOptions): Omit<QueueActions, 'onEdit'> {
  return {
    async withdraw(promptId) {
      const open = session()
      const waiting = open?.state.queue.find(({prompt_id}) => prompt_id === promptId)
      try {
        if (waiting !== undefined && (await open?.withdraw(promptId))) return waiting.text
        setNotice('It is already running: Ctrl-C interrupts it')
      } catch (error) {
        reportError(error)
      }
      return undefined
    },
    promote: async (promptId) => void (await session()?.promote(promptId).catch(reportError)),
    interrupt: () => void session()?.interrupt().catch(reportError),
  }
}
