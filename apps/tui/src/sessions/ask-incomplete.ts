import type {ClientSession} from '@holdfast/client'
import {mayBeIncomplete} from '@holdfast/protocol'

/** How long the host may take, ms. Then the text counts as complete: the host refuses it when it runs, if it is not. */
const waitMs = 300

/** Whether a text is an unfinished command; `false` also where that is not known soon. Asks only where it is worth it. Never rejects. */
export function askIncomplete(
  session: Pick<ClientSession, 'isIncomplete' | 'status'> | undefined,
  text: string,
): false | Promise<boolean | string> {
  if (!mayBeIncomplete(text) || session?.status.kind !== 'live') return false
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), waitMs)
    const settle = (isIncomplete: boolean | string) => {
      clearTimeout(timer)
      resolve(isIncomplete)
    }
    session.isIncomplete(text).then(settle, () => settle(false))
  })
}
