import type {ClientSession} from '@holdfast/client'

/** Takes a waiting prompt back: its text, or `undefined` when it has begun. */
export type TakeBack = (promptId: string) => Promise<string | undefined>

/** For the session that is open, once there is one. */
export function createTakeBack(current: () => Pick<ClientSession, 'state' | 'withdraw'> | undefined): TakeBack {
  return async (promptId) => {
    const session = current()
    const waiting = session?.state.queue.find(({prompt_id}) => prompt_id === promptId)
    if (session === undefined || waiting === undefined) return undefined
    return (await session.withdraw(promptId)) ? waiting.text : undefined
  }
}
