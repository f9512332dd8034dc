/** What programs that run on Node say last, and what it means. Only the meaning is fit for a log. */
const known: readonly [words: RegExp, meaning: string][] = [
  [/JavaScript heap out of memory|^#? ?Fatal process out of memory/im, 'heap-exhausted'],
  [/\b(?:ERR_)?MODULE_NOT_FOUND\b/, 'module-missing'],
]

/** The meaning of last words that are known, `undefined` for any others. */
export function recognize(words: string): string | undefined {
  return known.find(([pattern]) => pattern.test(words))?.[1]
}
