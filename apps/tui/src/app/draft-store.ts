import type {ClientSession} from '@holdfast/client'
import {maxDraftLength} from '@holdfast/protocol'

/** Keeps what is written, and not submitted, with the session. */
export interface DraftStore {
  /** This is written now. */
  changed(text: string): void
  /** Resolves when the last is kept, or cannot be. */
  flush(): Promise<void>
}

/** How long to wait for more to be typed, ms: each draft that is kept is a commit. */
const pauseMs = 300

export interface DraftStoreOptions {
  /** What is written has become too long to be kept; `maxLength` in UTF-16 units. */
  onTooLong: (maxLength: number) => void
}

/** For the session that is open, once there is one. A draft that cannot be kept is lost only if this process dies, too. */
export function createDraftStore(
  current: () => Pick<ClientSession, 'setDraft' | 'status'> | undefined,
  {onTooLong}: DraftStoreOptions,
): DraftStore {
  let wanted: string | undefined
  let isTooLong = false
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
      const wasTooLong = isTooLong
      isTooLong = text.length > maxDraftLength
      if (isTooLong && !wasTooLong) onTooLong(maxDraftLength)
      // What was kept last stays: a part of a draft is better than none.
      if (isTooLong) return
      wanted = text
      timer ??= setTimeout(() => void flush(), pauseMs)
    },
    flush,
  }
}
