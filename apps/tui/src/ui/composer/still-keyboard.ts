/** How long a question must be on the screen, with a still keyboard, before a key answers it, ms: what was typed ahead grants nothing. */
const stillMs = 300

export interface KeyboardFacts {
  /** When the question came to the screen; `undefined`: it is not there. */
  shownAt: number | undefined
  /** When a key came last; `undefined`: none since then. */
  lastKeyAt: number | undefined
}

/**
 * How long it takes until a key is meant for the question, if none comes before, ms; 0: it is meant now. `undefined`: not before the
 * question is on the screen. Pure; all times by one monotonic clock, ms.
 */
export function msUntilMeant({shownAt, lastKeyAt = -Infinity}: KeyboardFacts, now: number): number | undefined {
  return shownAt === undefined ? undefined : Math.max(0, Math.max(shownAt, lastKeyAt) + stillMs - now)
}

export interface StillKeyboardOptions {
  /** The question is on the screen now. */
  isShown: () => boolean
  /** The keyboard has become still. */
  onStill: () => void
  /** A monotonic clock, ms. @default performance.now */
  now?: () => number
}

/** Waits until a question has been on the screen with a still keyboard. */
export interface StillKeyboard {
  readonly isStill: boolean
  /** A key was pressed before that: the time begins anew. */
  noteKey(): void
  /** The screen may have come, or gone: call it with each frame. */
  look(): void
  close(): void
}

export function createStillKeyboard({
  isShown,
  onStill,
  now = () => performance.now(),
}: StillKeyboardOptions): StillKeyboard {
  let facts: KeyboardFacts = {shownAt: undefined, lastKeyAt: undefined}
  let isStill = false
  let isClosed = false
  let timer: NodeJS.Timeout | undefined

  const wait = () => {
    clearTimeout(timer)
    const ms = msUntilMeant(facts, now())
    // Keys that came while this process was busy are read first: after the timers, in the same turn of the event loop.
    if (!isClosed && !isStill && ms !== undefined) timer = setTimeout(() => setImmediate(check), Math.ceil(ms))
  }
  const check = () => {
    look()
    if (isClosed || isStill || msUntilMeant(facts, now()) !== 0) return wait()
    isStill = true
    onStill()
  }
  const look = () => {
    if (isShown() === (facts.shownAt !== undefined)) return
    isStill = false
    facts = {...facts, shownAt: facts.shownAt === undefined ? now() : undefined}
    wait()
  }
  look()
  return {
    get isStill() {
      return isStill
    },
    noteKey() {
      facts = {...facts, lastKeyAt: now()}
      wait()
    },
    look,
    close() {
      isClosed = true
      clearTimeout(timer)
    },
  }
}
