import {toPlainLine} from './to-plain-line.ts'

/** Tells the person on stderr: one line, whatever the message holds. */
export function complain(message: string): void {
  process.stderr.write(`holdfast: ${toPlainLine(message.trim())}\n`)
}
