import {go, prepare} from 'fuzzysort'

import type {HistoryEntry} from './history.ts'

/** Only the beginning of a longer text is compared letter by letter, UTF-16 units. */
const maxCompared = 500
/** How many similar texts are found; none where as many contain the query. */
const maxSimilar = 200

/** What a search needs of an entry; made once, as a history of 10,000 texts is searched with each key. */
const prepared = new WeakMap<HistoryEntry, {low: string; target: ReturnType<typeof prepare>}>()

/**
 * Finds the texts that match a query: first those that contain it, newest first, then similar ones, best first. A capital letter in
 * the query makes the first of the two case-sensitive. Pure.
 */
export function findEntries(entries: readonly HistoryEntry[], query: string): readonly HistoryEntry[] {
  if (query === '') return entries
  const isExact = query !== query.toLowerCase()
  const containing = entries.filter((entry) => (isExact ? entry.text : prepareEntry(entry).low).includes(query))
  if (containing.length >= maxSimilar) return containing
  const found = new Set(containing)
  const options = {key: (entry: HistoryEntry) => prepareEntry(entry).target, limit: maxSimilar, threshold: 0}
  const similar = go(query, entries, options).map(({obj}) => obj)
  return [...containing, ...similar.filter((entry) => !found.has(entry))]
}

function prepareEntry(entry: HistoryEntry) {
  const known = prepared.get(entry)
  if (known !== undefined) return known
  const {text} = entry
  const made = {low: text.toLowerCase(), target: prepare(text.slice(0, maxCompared))}
  prepared.set(entry, made)
  return made
}
