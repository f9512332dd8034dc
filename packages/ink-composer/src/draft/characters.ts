const segmenter = new Intl.Segmenter(undefined, {granularity: 'grapheme'})

/** UTF-16 units that are segmented to find the end of one character; no real character is as long. */
const windowLength = 256

/** The grapheme clusters of a text. */
export function charactersOf(text: string): string[] {
  return Array.from(segmenter.segment(text), ({segment}) => segment)
}

/** The end of the character that starts at `at`; at most `end`. */
export function characterEnd(text: string, at: number, end = text.length): number {
  if (at < end && isPlain(text, at) && (at + 1 === end || isPlain(text, at + 1))) return at + 1
  for (const {segment} of segmenter.segment(text.slice(at, Math.min(end, at + windowLength))))
    return at + segment.length
  return at
}

/** The start of the character that ends at `at`; at least `start`. */
export function characterStart(text: string, at: number, start = 0): number {
  if (at > start && isPlain(text, at - 1) && (at - 1 === start || isPlain(text, at - 2))) return at - 1
  const from = Math.max(start, at - windowLength)
  const before = text.slice(from, at)
  if (before === '') return at
  return from + (segmenter.segment(before).containing(before.length - 1)?.index ?? 0)
}

/** Two adjacent plain units are always two characters; most text needs no segmenter. */
function isPlain(text: string, at: number): boolean {
  const unit = text.charCodeAt(at)
  return unit < 127 && unit !== 13
}
