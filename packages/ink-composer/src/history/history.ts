/** Some of the texts that were submitted before, newest first; `at` is epoch ms. */
export interface HistoryPage {
  entries: readonly {text: string; at: number}[]
  /** There may be older ones. */
  hasMore: boolean
}

/** Texts that were submitted before, each once, newest first. */
export interface History {
  /** The text that was submitted `ago` texts ago, from 1. */
  at(ago: number): string | undefined
  readonly length: number
  /** Adds a text that was submitted now. */
  add(text: string): void
  /** Searches from `ago` on for a text that contains `query`; a capital letter makes it case-sensitive. */
  find(query: string, ago: number, direction: 'older' | 'newer'): number | undefined
  /** There may be older texts that are not loaded. */
  readonly hasMore: boolean
  /** Loads a page of older texts. Never rejects. `false`: it could not be loaded; another call tries again. */
  loadMore(): Promise<boolean>
}

/** Bounds in texts and in UTF-16 units; older texts are dropped. */
const maxTexts = 5000
const maxLength = 4 * 1024 * 1024

/** `load` returns a page of texts submitted before a time, epoch ms, or of the newest ones. */
export function createHistory(load: (before: number | undefined) => Promise<HistoryPage>): History {
  /** Newest first. `low`: in lower case, for searching. */
  let texts: {text: string; low: string}[] = []
  let length = 0
  let oldestAt: number | undefined
  let hasMore = true
  let loading: Promise<boolean> | undefined

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
      if (!hasMore) return Promise.resolve(true)
      loading ??= load(oldestAt)
        .then((page) => {
          addOlder(page)
          return true
        })
        .catch(() => false)
        .finally(() => (loading = undefined))
      return loading
    },
  }
}
