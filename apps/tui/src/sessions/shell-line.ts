/** The command line for the shell: one word as it is; several as a program with quoted arguments. */
export function toShellLine(words: readonly string[]): string {
  const [only] = words
  return words.length === 1 && only !== undefined ? only : words.map(quote).join(' ')
}

function quote(word: string): string {
  // A backslash goes outside of the quotes: inside, fish interprets it.
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll(/['\\]/g, `'\\$&'`)}'`
}
