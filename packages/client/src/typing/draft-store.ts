import {fitsBytes, maxDraftBytes} from '@holdfast/protocol'

import type {ClientSession} from '../client-session.ts'

/** Saves the draft with the session. */
export interface DraftStore {
  /** The draft has this text now. `hiddenAt`: see `ClientSession.setDraft`. */
  changed(text: string, hiddenAt?: number): void
  /** Sends the last draft at once; resolves to whether it is saved. */
  flush(): Promise<boolean>
}

/** The delay before a draft is saved, ms: each save is a commit. */
const pauseMs = 300

export interface DraftStoreOptions {
  /** The draft has become too long to save; `maxBytes` of UTF-8, with the escapes of JSON. */
  onTooLong: (maxBytes: number) => void
}

interface Draft {
  text: string
  hiddenAt: number | undefined
}

/** For the open session, once there is one. A draft that could not be saved is lost only if this process dies. */
export function createDraftStore(
  current: () => Pick<ClientSession, 'setDraft' | 'status'> | undefined,
  {onTooLong}: DraftStoreOptions,
): DraftStore {
  let wanted: Draft | undefined
  let newest: Draft | undefined
  let saved: Draft | undefined
  let isTooLong = false
  let timer: ReturnType<typeof setTimeout> | undefined
  const underWay = new Set<Promise<void>>()

  const send = async (session: Pick<ClientSession, 'setDraft'>, draft: Draft): Promise<void> => {
    try {
      // What the host refuses may be a secret: it is not saved at all.
      const {stored} = await session.setDraft(
        draft.text,
        draft.hiddenAt === undefined ? {} : {hiddenAt: draft.hiddenAt},
      )
      if (stored) saved = draft
    } catch {
      // For the next `flush`, unless the draft has changed.
      if (newest === draft) wanted = draft
    }
  }
  const flush = async (): Promise<boolean> => {
    clearTimeout(timer)
    timer = undefined
    const session = current()
    if (wanted !== undefined && session?.status.kind === 'live') {
      const draft = wanted
      wanted = undefined
      // Not after those that are under way, which it follows on the connection: whoever flushes may be gone before they are answered.
      const sending = send(session, draft).finally(() => underWay.delete(sending))
      underWay.add(sending)
    }
    await Promise.all(underWay)
    return newest === saved && !isTooLong
  }
  /** One after another. */
  const saveAfterPause = async () => {
    await Promise.all(underWay)
    await flush()
  }
  return {
    changed(text, hiddenAt) {
      const wasTooLong = isTooLong
      isTooLong = !fitsBytes(text, maxDraftBytes)
      if (isTooLong && !wasTooLong) onTooLong(maxDraftBytes)
      // The last saved draft stays: a part is better than nothing.
      if (isTooLong) return
      wanted = newest = {text, hiddenAt}
      timer ??= setTimeout(() => void saveAfterPause(), pauseMs)
    },
    flush,
  }
}
