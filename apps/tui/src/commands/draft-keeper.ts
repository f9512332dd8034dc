import type {ClientSession} from '@holdfast/client'

/** Keeps what is written, and not submitted, with the session. */
export interface DraftKeeper {
  /** This is written now. */
  changed(text: string): void
  /** Resolves when the last is kept, or cannot be. */
  flush(): Promise<void>
}

/** How long to wait for more to be typed, ms: each draft that is kept is a commit. */
const pauseMs = 300

/** For the session that is open, once there is one. A draft that cannot be kept is lost only if this process dies, too. */
export function createDraftKeeper(current: () => Pick<ClientSession, 'setDraft' | 'status'> | undefined): DraftKeeper {
  let wanted: string | undefined
  let timer: NodeJS.Timeout | undefined
  let sending: Promise<void> | undefined

  const send = async (): Promise<void> => {
    for (;;) {
      const session = current()
      if (wanted === undefined || session?.status.kind !== 'live') return
      const text = wanted
      wanted = undefined
      try {
        await session.setDraft(text)
      } catch {
        // The next change is kept again.
      }
    }
  }
  const flush = (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    sending ??= send().finally(() => (sending = undefined))
    return sending
  }
  return {
    changed(text) {
      wanted = text
      timer ??= setTimeout(() => void flush(), pauseMs)
    },
    flush,
  }
}
