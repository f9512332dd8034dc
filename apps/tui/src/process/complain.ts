import {toPlainLine} from '@holdfast/terminal'

import {standardError} from './standard-error.ts'

/** Tells the person on stderr: one line, whatever the message holds. */
export function complain(message: string): void {
  standardError().write(`holdfast: ${toPlainLine(message.trim())}\n`)
}
