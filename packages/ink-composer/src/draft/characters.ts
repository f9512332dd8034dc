const segmenter = new Intl.Segmenter(undefined, {granularity: 'grapheme'})

/** So much of a text is looked at to find where one character ends, UTF-16 units: far more than a character has. */
const windowLength = 256

/** The characters of a text, as a person sees characters. */
export function charactersOf(text: string): string[] {
  return Array.from(segmenter.segment(text), ({segment}) => segment)
}

/** Where the character that begins at `at` ends; no later than `end`. */
export function characterEnd(text: string, at: number, end = text.length): number {
  if (at < end && isPlain(text, at) && (at + 1 === end || isPlain(text, at + 1))) return at + 1
  for (const {segment} of segmenter.segment(text.slice(at, Math.min(end, at + windowLength))))
    return at + segment.length
  return at
}

/** Where the character that ends at `at` begins; no earlier than `start`. */
export function characterStart(text: string, at: number, start = 0): number {
  if (at > start && isPlain(text, at - 1) && (at - 1 === start || isPlain(text, at - 2))) return at - 1
  const from = Math.max(start, at - windowLength)
  const before = text.slice(from, at)
  if (before === '') return at
  return from + (segmenter.segment(before).containing(before.length - 1)?.index ?? 0)
}

/** Between two of these there is always an end: most of what is typed needs no closer look. */
function isPlain(text: string, at: number): boolean {
  const unit = text.charCodeAt(at)
  return unit < 127 && unit !== 13
}
