import type {ClientSession} from '@holdfast/client'

/** Removes a prompt from the queue. Resolves with its text, or `undefined` if it is running already. */
export type TakeBack = (promptId: string) => Promise<string | undefined>

/** For the open session, once there is one. */
export function createTakeBack(current: () => Pick<ClientSession, 'state' | 'withdraw'> | undefined): TakeBack {
  return async (promptId) => {
    const session = current()
    const waiting = session?.state.queue.find(({prompt_id}) => prompt_id === promptId)
    if (session === undefined || waiting === undefined) return undefined
    return (await session.withdraw(promptId)) ? waiting.text : undefined
  }
}
