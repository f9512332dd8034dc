import type {ClientSession} from '@holdfast/client'
import {fitsBytes, maxDraftBytes} from '@holdfast/protocol'

/** Saves the draft with the session. */
export interface DraftStore {
  /** The draft has this text now. */
  changed(text: string): void
  /** Resolves when the last draft is saved, or could not be. */
  flush(): Promise<void>
}

/** The delay before a draft is saved, ms: each save is a commit. */
const pauseMs = 300

export interface DraftStoreOptions {
  /** The draft has become too long to save; `maxBytes` of UTF-8, with the escapes of JSON. */
  onTooLong: (maxBytes: number) => void
}

/** For the open session, once there is one. A draft that could not be saved is lost only if this process dies. */
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
        // For the next `flush`, unless the draft has changed.
        wanted ??= text
        return
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
      isTooLong = !fitsBytes(text, maxDraftBytes)
      if (isTooLong && !wasTooLong) onTooLong(maxDraftBytes)
      // The last saved draft stays: a part is better than nothing.
      if (isTooLong) return
      wanted = text
      timer ??= setTimeout(() => void flush(), pauseMs)
    },
    flush,
  }
}
