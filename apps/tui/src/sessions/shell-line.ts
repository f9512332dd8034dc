/**
 * The line for the shell that a person meant: one word is that line; several are a program and its arguments, each
 * quoted so that the shell takes it as it is.
 */
export function toShellLine(words: readonly string[]): string {
  const [only] = words
  return words.length === 1 && only !== undefined ? only : words.map(quote).join(' ')
}

function quote(word: string): string {
  // A backslash stands outside of the quotes: inside, fish takes it for one of its own.
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll(/['\\]/g, `'\\$&'`)}'`
}
