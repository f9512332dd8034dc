/** A program and its arguments as a prompt for a session with a shell: bash, zsh, fish or dash. Pure. */
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
