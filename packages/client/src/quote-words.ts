/** The command line for the shell: one word as it is; several as a program with quoted arguments. Pure. */
export function toShellLine(words: readonly string[]): string {
  const [only] = words
  return words.length === 1 && only !== undefined ? only : quoteWords(words)
}

/** The words as bash, zsh, fish and dash read them. Pure. */
export function quoteWords(words: readonly string[]): string {
  return words.map(quote).join(' ')
}

/**
 * Means the same, unquoted, in every shell and with every option. Not so `=ls` (zsh), `%self` (fish) and, as the first word, `a=b`.
 */
const PLAIN = /^(?:-[\w-]*=)?[\w+:,./-]+$/

function quote(word: string): string {
  if (word === '') return "''"
  if (PLAIN.test(word)) return word
  // Quotes and backslashes go outside of the quotes: fish interprets them inside, and zsh may take two quotes for one.
  return word.replaceAll(/(['\\])|[^'\\]+/g, (text, special?: string) => (special ? `\\${special}` : `'${text}'`))
}
