import type {ClientSession} from '@holdfast/client'

/** Takes the last waiting prompt back: its text, or `undefined` when it has begun. No promise where none waits. */
export type TakeBack = () => Promise<string | undefined> | undefined

/** For the session that is open, once there is one. */
export function createTakeBack(current: () => Pick<ClientSession, 'state' | 'withdraw'> | undefined): TakeBack {
  /** Prompts that were withdrawn, as long as the state still shows them: the answer may come before the event. */
  let withdrawn: string[] = []
  return () => {
    const session = current()
    const queue = session?.state.queue ?? []
    withdrawn = withdrawn.filter((id) => queue.some(({prompt_id}) => prompt_id === id))
    const last = queue.findLast(({prompt_id}) => !withdrawn.includes(prompt_id))
    if (session === undefined || last === undefined) return undefined
    const {prompt_id, text} = last
    return session.withdraw(prompt_id).then((isWithdrawn) => {
      if (!isWithdrawn) return undefined
      withdrawn.push(prompt_id)
      return text
    })
  }
}
