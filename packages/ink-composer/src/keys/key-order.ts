/** Takes keys in their order: while one of them awaits an answer, those after it wait. */
export interface KeyOrder {
  /**
   * Does what a key asks for, now or when its turn comes; `length`: of a paste, in UTF-16 units. `false`: too many keys wait, and
   * this one is dropped, like all that follow until none waits.
   */
  take(press: () => void, length?: number): boolean
  /** For a key that needs an answer: calls `then` with it, before the next key. The promise must settle soon, and not reject. */
  hold<Answer>(answer: Promise<Answer>, then: (answer: Answer) => void): void
  /** A key awaits its answer. */
  readonly isHeld: boolean
  readonly isWaiting: boolean
  /**
   * The keys that wait now were typed for something that has changed: until the last of them is taken, `isStale` holds. Then, or
   * at once if none waits, calls `then`.
   */
  noteChange(then?: () => void): void
  readonly isStale: boolean
  /** Drops the keys that wait, and the answer. Returns true if keys waited. */
  drop(): boolean
}

/** Keys and pastes that may wait, and the UTF-16 units of the pastes. */
const maxKeys = 10_000
const maxLength = 4 * 1024 * 1024

export function createKeyOrder(): KeyOrder {
  let waiting: {press: () => void; length: number}[] = []
  let waitingLength = 0
  let isFull = false
  let held: object | undefined
  let isStale = false

  const go = () => {
    while (held === undefined) {
      const next = waiting.shift()
      if (next === undefined) break
      waitingLength -= next.length
      next.press()
    }
    if (waiting.length === 0) isFull = false
  }
  return {
    take(press, length = 0) {
      isFull ||= waiting.length >= maxKeys || (waiting.length > 0 && waitingLength + length > maxLength)
      if (isFull) return false
      waiting.push({press, length})
      waitingLength += length
      go()
      return true
    },
    hold(answer, then) {
      const mine = (held = {})
      void answer.then((value) => {
        if (held !== mine) return
        held = undefined
        then(value)
        go()
      })
    },
    get isHeld() {
      return held !== undefined
    },
    get isWaiting() {
      return waiting.length > 0
    },
    noteChange(then) {
      isStale = waiting.length > 0
      if (!isStale) return then?.()
      const press = () => {
        isStale = false
        then?.()
      }
      waiting.push({press, length: 0})
    },
    get isStale() {
      return isStale
    },
    drop() {
      const hadKeys = waiting.length > 0
      waiting = []
      waitingLength = 0
      isFull = isStale = false
      held = undefined
      return hadKeys
    },
  }
}
