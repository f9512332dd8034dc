/** What was typed while it could not be sent to the host of its session. */
export interface UnsavedDraft {
  text: string
  /** The draft that the session had then. */
  before: string
  /** What was known then of programs that hide what is typed; `undefined`: nothing. See `ClientSession.submit`. */
  hiddenAt?: number | undefined
  /** The id under which this text was sent, while its answer is missing: it has the same when it is sent again. */
  promptId?: string | undefined
}

const prefix = 'holdfast.draft.'

/** Nothing is kept in a storage that is full, or that the browser forbids. `undefined` forgets what was kept. */
export function keepUnsavedDraft(sessionId: string, draft: UnsavedDraft | undefined): void {
  try {
    if (draft === undefined) localStorage.removeItem(prefix + sessionId)
    else localStorage.setItem(prefix + sessionId, JSON.stringify(draft))
  } catch {
    // The text stays on the page.
  }
}

export function readUnsavedDraft(sessionId: string): UnsavedDraft | undefined {
  try {
    const kept = JSON.parse(localStorage.getItem(prefix + sessionId) ?? 'null') as Partial<UnsavedDraft> | null
    if (typeof kept?.text !== 'string') return undefined
    const {text, before = '', hiddenAt, promptId} = kept
    return {
      text,
      before,
      hiddenAt: typeof hiddenAt === 'number' ? hiddenAt : undefined,
      promptId: typeof promptId === 'string' ? promptId : undefined,
    }
  } catch {
    return undefined
  }
}

export function forgetUnsavedDrafts(): void {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(prefix)) localStorage.removeItem(key)
  } catch {
    // There are none.
  }
}

/** The draft to go on with. Neither what was typed here nor what another device has typed meanwhile is lost. Pure. */
export function joinUnsaved({text, before}: UnsavedDraft, now: string): string {
  if (now === before || now.trim() === '' || text.startsWith(now)) return text
  return now.includes(text) ? now : `${now}\n${text}`
}
