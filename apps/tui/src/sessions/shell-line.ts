import {quoteWords} from '@holdfast/protocol'

/** The command line for the shell: one word as it is; several as a program with quoted arguments. Pure. */
export function toShellLine(words: readonly string[]): string {
  const [only] = words
  return words.length === 1 && only !== undefined ? only : quoteWords(words)
}
