import type {ClientSession} from '@holdfast/client'
import {heldPrompts} from '@holdfast/session-view'

import type {QueueActions} from '../../ui/composer/queue-overlay.ts'

export interface QueueActionsOptions {
  session: () => Pick<ClientSession, 'state' | 'withdraw' | 'promote' | 'interrupt' | 'continueQueue'> | undefined
  setNotice: (notice: string) => void
  reportError: (error: unknown) => void
}

export interface SessionQueueActions extends Omit<QueueActions, 'onEdit' | 'bindings'> {
  /** Removes all prompts that are held, and returns their texts. Never rejects. */
  drop: () => Promise<readonly string[]>
}

/** What keys do to the queue of the session. */
export function createQueueActions({session, setNotice, reportError}: QueueActionsOptions): SessionQueueActions {
  const actions: SessionQueueActions = {
    async withdraw(promptId) {
      const open = session()
      const waiting = open?.state.queue.find(({prompt_id}) => prompt_id === promptId)
      try {
        if (waiting !== undefined && (await open?.withdraw(promptId))) return waiting.text
        setNotice('The prompt is already running: Ctrl-C interrupts it')
      } catch (error) {
        reportError(error)
      }
      return undefined
    },
    promote: async (promptId) => void (await session()?.promote(promptId).catch(reportError)),
    interrupt() {
      const open = session()
      const promptId = open?.state.running?.prompt_id
      if (promptId !== undefined) void open?.interrupt({promptId}).catch(reportError)
    },
    goOn: () => void session()?.continueQueue().catch(reportError),
    async drop() {
      const dropped: string[] = []
      for (const {prompt_id} of heldPrompts(session()?.state.queue ?? [])) {
        const text = await actions.withdraw(prompt_id)
        if (text !== undefined) dropped.push(text)
      }
      return dropped
    },
  }
  return actions
}
