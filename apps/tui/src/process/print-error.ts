import {toPlainLine} from '@holdfast/terminal'

import {standardError} from './standard-error.ts'

/** Prints a message on stderr as one plain line, which begins in lower case. */
export function printError(message: string): void {
  standardError().write(`holdfast: ${beginInLowerCase(toPlainLine(message.trim()))}\n`)
}

/** Leaves abbreviations and names of keys as they are: `SIGTERM`, `Ctrl-C`. Pure. */
export function beginInLowerCase(sentence: string): string {
  return sentence.replace(/^[A-Z](?=[a-z]* )/, (letter) => letter.toLowerCase())
}
