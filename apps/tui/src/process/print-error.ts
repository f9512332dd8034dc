import {toPlainLine} from '@holdfast/terminal'

import {standardError} from './standard-error.ts'

/** Prints a message on stderr as one plain line. */
export function printError(message: string): void {
  standardError().write(`holdfast: ${toPlainLine(message.trim())}\n`)
}
