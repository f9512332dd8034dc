/** What the user has decided about notifications on this device. */
export type Choice = 'on' | 'off' | undefined

const key = 'holdfast.notifications'

export function readChoice(): Choice {
  const kept = storage()?.getItem(key)
  return kept === 'on' || kept === 'off' ? kept : undefined
}

export function keepChoice(choice: Exclude<Choice, undefined>): void {
  storage()?.setItem(key, choice)
}

/** A browser may forbid a page to keep anything. */
function storage(): Storage | undefined {
  try {
    return localStorage
  } catch {
    return undefined
  }
}
