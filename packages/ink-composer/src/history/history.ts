/** Some of the texts that were submitted before, newest first; `at` is epoch ms. */
export interface HistoryPage {
  entries: readonly {text: string; at: number}[]
  /** There may be older ones. */
  hasMore: boolean
}

/** What was entered before, in this session and in others: each text once, the newest first. */
export interface History {
  /** The text that was entered so many texts ago, from 1. */
  at(ago: number): string | undefined
  readonly length: number
  /** Something was entered now. */
  add(text: string): void
  /** The next text, from `ago` on to older or newer ones, that contains a query; `undefined` where there is none. */
  find(query: string, ago: number, direction: 'older' | 'newer'): number | undefined
  /** Whether there may be more than was loaded. */
  readonly hasMore: boolean
  /** Loads older ones; resolves when they are there, or cannot be had. Never rejects. */
  loadMore(): Promise<void>
}

/** The most that is kept. What is older is left out. */
const maxTexts = 5000
const maxLength = 4 * 1024 * 1024

/** `load` gives a page of what was entered before a time, epoch ms; of the newest without one. */
export function createHistory(load: (before: number | undefined) => Promise<HistoryPage>): History {
  /** Newest first. `low`: to be searched without regard to case. */
  let texts: {text: string; low: string}[] = []
  let length = 0
  let oldestAt: number | undefined
  let hasMore = true
  let loading: Promise<void> | undefined

  const addOlder = (page: HistoryPage) => {
    const known = new Set(texts.map(({text}) => text))
    for (const {text} of page.entries) {
      if (known.has(text)) continue
      texts.push({text, low: text.toLowerCase()})
      length += text.length
    }
    oldestAt = page.entries.at(-1)?.at ?? oldestAt
    hasMore = page.hasMore && page.entries.length > 0 && texts.length < maxTexts && length < maxLength
  }

  return {
    at: (ago) => texts[ago - 1]?.text,
    get length() {
      return texts.length
    },
    add(text) {
      texts = [{text, low: text.toLowerCase()}, ...texts.filter((known) => known.text !== text)].slice(0, maxTexts)
    },
    find(query, ago, direction) {
      // Who writes a capital letter means one.
      const isExact = query !== query.toLowerCase()
      const step = direction === 'older' ? 1 : -1
      for (let index = ago - 1; index >= 0 && index < texts.length; index += step) {
        const entry = texts[index]
        if (entry !== undefined && (isExact ? entry.text : entry.low).includes(query)) return index + 1
      }
      return undefined
    },
    get hasMore() {
      return hasMore
    },
    loadMore() {
      if (!hasMore) return Promise.resolve()
      loading ??= load(oldestAt)
        .then(addOlder)
        // An older gateway knows no history; what is entered here is known without it.
        .catch(() => void (hasMore = false))
        .finally(() => (loading = undefined))
      return loading
    },
  }
}
