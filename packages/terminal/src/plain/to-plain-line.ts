/* oxlint-disable no-control-regex -- control characters are what this file is about */
import ansiRegex from 'ansi-regex'

const escapes = ansiRegex()
/** C0, DEL, C1; and what turns the order in which letters are shown, and with it that of our own words behind them. */
const controls = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g

/**
 * A text that comes from others, which is no output: a title, a prompt, a reason. All of it is there, as one line, and
 * nothing in it is obeyed.
 */
export function toPlainLine(text: string): string {
  return toPlainLines(text).join(' ')
}

/** The same with the lines that it has. */
export function toPlainLines(text: string): string[] {
  return text
    .replace(escapes, '')
    .split(/\r\n?|\n/)
    .map((line) => line.replaceAll('\t', ' ').replace(controls, ''))
}
