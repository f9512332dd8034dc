export interface PromptDoubtsOptions {
  onNotice: (text: string) => void
  /** In ms. */
  now: () => number
}

/** Why Enter does not submit the text of the prompt at once. */
export interface PromptDoubts {
  readonly isDoubtful: boolean
  /** See `TargetState`. */
  readonly isConfirmed: boolean
  /** The program has hidden what was typed, and no prompt was submitted since: it may ask for another secret. */
  readonly mayAskAgain: boolean
  /** See `TargetState`. */
  readonly isBehindSecret: boolean
  /** The running program hides what the user types now. */
  noteHiding(): void
  /** Another program runs, or none. */
  noteProgram(): void
  /** What was typed for a program that hides it was thrown away. `isTold`: the user knows. */
  cutOff(options: {isTold: boolean}): void
  /** The user has changed the text. */
  noteEdit(): void
  /** The text was typed for a program that has ended. */
  noteOrphan(): void
  /** The text that may be a secret is no longer in the prompt. */
  noteHidden(): void
  /** The user knows what the text is. */
  confirm(): void
  /** Another text stands there, or none. */
  clear(): void
  noteSubmitted(): void
}

/** Who types on this long after a part of a secret was thrown away, ms, has not seen that. */
const cutOffMs = 2000

export function createPromptDoubts({onNotice, now}: PromptDoubtsOptions): PromptDoubts {
  let isOrphaned = false
  /** The text was changed when it could be a secret. */
  let isSuspect = false
  let isConfirmed = false
  let mayAskAgain = false
  let cutOffAt = -Infinity

  const isDoubtful = () => isOrphaned || isSuspect
  const clear = () => {
    isOrphaned = isSuspect = isConfirmed = false
  }

  return {
    get isDoubtful() {
      return isDoubtful()
    },
    get isConfirmed() {
      return isConfirmed && !isDoubtful()
    },
    get mayAskAgain() {
      return mayAskAgain
    },
    get isBehindSecret() {
      return mayAskAgain || isSuspect
    },
    noteHiding: () => void (mayAskAgain = true),
    noteProgram: () => void (mayAskAgain = false),
    cutOff({isTold}) {
      // The user may still be typing it when the program has ended.
      cutOffAt = now()
      if (!isTold) onNotice('The program no longer hides what you type: what was not sent was thrown away')
    },
    noteEdit: () => void (isSuspect ||= mayAskAgain || now() - cutOffAt < cutOffMs),
    noteOrphan: () => void (isOrphaned = true),
    noteHidden: () => void (isSuspect = isConfirmed = false),
    confirm() {
      clear()
      isConfirmed = true
    },
    clear,
    noteSubmitted() {
      mayAskAgain = false
      cutOffAt = -Infinity
    },
  }
}
