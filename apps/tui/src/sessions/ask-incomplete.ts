import type {ClientSession} from '@holdfast/client'
import {mayBeIncomplete} from '@holdfast/protocol'

/**
 * How long the answer may take, ms: also over a slow line. Then the text counts as complete: the host refuses it when it runs, if it is not.
 * Keys that are typed meanwhile wait.
 */
const waitMs = 1000

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
