import {fitsBytes, maxDraftBytes} from '@holdfast/protocol'

import type {ClientSession} from '../client-session.ts'

/** Saves the draft with the session. */
export interface DraftStore {
  /** The draft has this text now. `hiddenAt`: see `ClientSession.setDraft`. */
  changed(text: string, hiddenAt?: number): void
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
  let wanted: {text: string; hiddenAt: number | undefined} | undefined
  let isTooLong = false
  let timer: ReturnType<typeof setTimeout> | undefined
  let sending: Promise<void> | undefined

  const send = async (): Promise<void> => {
    for (;;) {
      const session = current()
      if (wanted === undefined || session?.status.kind !== 'live') return
      const draft = wanted
      wanted = undefined
      try {
        // What the host refuses may be a secret: it is not saved at all.
        await session.setDraft(draft.text, draft.hiddenAt === undefined ? {} : {hiddenAt: draft.hiddenAt})
      } catch {
        // For the next `flush`, unless the draft has changed.
        wanted ??= draft
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
    changed(text, hiddenAt) {
      const wasTooLong = isTooLong
      isTooLong = !fitsBytes(text, maxDraftBytes)
      if (isTooLong && !wasTooLong) onTooLong(maxDraftBytes)
      // The last saved draft stays: a part is better than nothing.
      if (isTooLong) return
      wanted = {text, hiddenAt}
      timer ??= setTimeout(() => void flush(), pauseMs)
    },
    flush,
  }
}
