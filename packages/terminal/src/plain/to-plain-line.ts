/* oxlint-disable no-control-regex -- control characters are what this file is about */
import ansiRegex from 'ansi-regex'

const escapes = ansiRegex()
/** C0, DEL, C1, and the bidirectional controls, which would reorder the text that follows. */
const controls = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g

/** Untrusted text, such as a title, as one line without control sequences. */
export function toPlainLine(text: string): string {
  return toPlainLines(text).join(' ')
}

/** Untrusted text as its lines, without control sequences. */
export function toPlainLines(text: string): string[] {
  return text
    .replace(escapes, '')
    .split(/\r\n?|\n/)
    .map((line) => line.replaceAll('\t', ' ').replace(controls, ''))
}
