/** The words that are for the screen itself, not for the shell, and what each does. */
const words = {
  '/quit': 'leaves',
  '/restart': 'tries again to reach the session',
  '/logs': 'shows who died last, and how',
} as const

export type Word = keyof typeof words

/**
 * What a line is that was entered: a word for the screen, a prompt, or something that looks like a word and is none. A
 * program right below `/` is meant when a space stands before it. Pure.
 */
export function readWord(line: string): {kind: 'word'; word: Word} | {kind: 'prompt'} | {kind: 'unknown'; why: string} {
  const text = line.trimEnd()
  if (Object.hasOwn(words, text)) return {kind: 'word', word: text as Word}
  if (!/^\/[a-z][a-z-]*(\s|$)/i.test(text)) return {kind: 'prompt'}
  const known = listFormat.format(Object.entries(words).map(([word, deed]) => `\`${word}\` (${deed})`))
  const got = text.length > longestShown ? `${text.slice(0, longestShown)}…` : text
  return {
    kind: 'unknown',
    why: `Expected ${known}, got \`${got}\`. To run a program of that name, begin with a space`,
  }
}

/** Of what was entered, in UTF-16 units. */
const longestShown = 20

const listFormat = new Intl.ListFormat('en', {type: 'disjunction'})
