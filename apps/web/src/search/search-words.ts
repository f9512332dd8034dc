/** The bounds of `session.search`. */
const maxWords = 16
const maxWordLength = 200

/** The words of a query; none: nothing to search for. Pure. */
export function searchWords(query: string): string[] {
  return query
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, maxWords)
    .map((word) => word.slice(0, maxWordLength))
}

export interface TextPart {
  text: string
  isFound: boolean
}

/** A line in parts: those that a search has found, in any case, and the rest. Pure. */
export function markFound(line: string, words: readonly string[]): TextPart[] {
  if (words.length === 0) return [{text: line, isFound: false}]
  // The longest first: a word may be a part of another.
  const longestFirst = [...words].sort((first, second) => second.length - first.length)
  const pattern = new RegExp(longestFirst.map((word) => word.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|'), 'giu')
  const parts: TextPart[] = []
  let at = 0
  for (const {0: found, index} of line.matchAll(pattern)) {
    if (index > at) parts.push({text: line.slice(at, index), isFound: false})
    parts.push({text: found, isFound: true})
    at = index + found.length
  }
  if (at < line.length) parts.push({text: line.slice(at), isFound: false})
  return parts
}
