/** A text that was submitted before. */
export interface HistoryEntry {
  text: string
  /** When it was submitted, epoch ms. @default nobody knows: it is older than all that have a time */
  at?: number | undefined
  /** The folder in which it ran, as it is to be shown. */
  folder?: string | undefined
  /** How it ended, in a few characters, such as `✓`. */
  outcome?: string | undefined
}

/** Some of the texts that were submitted before, newest first. */
export interface HistoryPage {
  entries: readonly HistoryEntry[]
  /** Where the next page of older texts begins. @default there are no older ones */
  next?: number | undefined
}

/** Texts that were submitted before, each once, newest first. */
export interface History {
  readonly entries: readonly HistoryEntry[]
  /** The text that was submitted `ago` texts ago, from 1. */
  at(ago: number): string | undefined
  readonly length: number
  /** Adds a text that was submitted now, in this folder. */
  add(text: string, folder?: string): void
  /** Removes a text: it may be a secret. */
  remove(text: string): void
  /** There may be older texts that are not loaded. */
  readonly hasMore: boolean
  /** Loads a page of older texts. Never rejects. `false`: it could not be loaded; another call tries again. */
  loadMore(): Promise<boolean>
  /** Loads the page of the newest texts: some may be new, or have an outcome. Never rejects; returns as `loadMore`. */
  refresh(): Promise<boolean>
}

/** Bounds in texts and in UTF-16 units; older texts are dropped. */
const maxTexts = 20_000
const maxLength = 8 * 1024 * 1024

/** `load` returns the page that begins at the `next` of another page, or the one of the newest texts. */
export function createHistory(
  load: (from: number | undefined) => Promise<HistoryPage>,
  now: () => number = Date.now,
): History {
  let entries: readonly HistoryEntry[] = []
  /** Where the next page begins; `undefined`: none was loaded. */
  let next: number | undefined
  let hasMore = true
  let loading: Promise<boolean> | undefined

  const take = (added: readonly HistoryEntry[]) => {
    const kept = newestFirst(added)
    let length = 0
    const end = kept.findIndex(({text}, index) => index >= maxTexts || (length += text.length) > maxLength)
    if (end !== -1) hasMore = false
    entries = end === -1 ? kept : kept.slice(0, end)
  }
  const loadPage = async (from: number | undefined, isOlder: boolean) => {
    try {
      const page = await load(from)
      if (isOlder) {
        next = page.next
        hasMore = next !== undefined && page.entries.length > 0
      }
      // Of texts without a time, only their order tells which is newer.
      take(isOlder ? [...entries, ...page.entries] : [...page.entries, ...entries])
      return true
    } catch {
      return false
    }
  }
  const loadOnce = (from: number | undefined, isOlder: boolean) =>
    (loading ??= loadPage(from, isOlder).finally(() => (loading = undefined)))

  return {
    get entries() {
      return entries
    },
    at: (ago) => entries[ago - 1]?.text,
    get length() {
      return entries.length
    },
    add(text, folder) {
      // Never older than the others: the clock of another machine may be fast.
      take([{text, folder, at: Math.max(now(), entries[0]?.at ?? 0)}, ...entries])
    },
    remove(text) {
      entries = entries.filter((entry) => entry.text !== text)
    },
    get hasMore() {
      return hasMore
    },
    loadMore: () => (hasMore ? loadOnce(next, true) : Promise.resolve(true)),
    refresh: () => loadOnce(undefined, next === undefined && hasMore),
  }
}

/** Each text once, with what is known of its last run. Pure. */
function newestFirst(entries: readonly HistoryEntry[]): HistoryEntry[] {
  const byText = new Map<string, HistoryEntry>()
  for (const entry of entries) {
    const known = byText.get(entry.text)
    if (known === undefined || timeOf(entry) > timeOf(known)) byText.set(entry.text, entry)
  }
  return [...byText.values()].sort((first, second) =>
    timeOf(first) === timeOf(second) ? 0 : timeOf(second) - timeOf(first),
  )
}

function timeOf({at}: HistoryEntry): number {
  return at ?? -Infinity
}
