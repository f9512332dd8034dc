/** Lets readers wait for the next change of something that changes often. */
export interface ChangeSignal {
  /** How often it has changed. */
  readonly version: number
  /** It has changed. */
  note(): void
  /** Resolves at the first change after this version, at once if there was one, and after `waitMs` at the latest. Never rejects. */
  after(version: number, waitMs: number): Promise<void>
}

/** More waits than this end at once: each belongs to a request, and a peer may have many. */
const maxWaiting = 1000

export function createChangeSignal(): ChangeSignal {
  let version = 0
  const waiting = new Set<() => void>()
  return {
    get version() {
      return version
    },
    note() {
      version += 1
      for (const wake of waiting) wake()
    },
    async after(known, waitMs) {
      if (known !== version || waiting.size >= maxWaiting) return
      await new Promise<void>((resolve) => {
        const wake = () => {
          clearTimeout(timer)
          waiting.delete(wake)
          resolve()
        }
        const timer = setTimeout(wake, waitMs)
        waiting.add(wake)
      })
    },
  }
}
