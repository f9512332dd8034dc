import ansiRegex from 'ansi-regex'

import {leftOutCharacters} from './left-out-characters.ts'

const escapes = ansiRegex()
const leftOut = new RegExp(`[${leftOutCharacters}]`, 'g')

/** Untrusted text, such as a title, as one line without control sequences. */
export function toPlainLine(text: string): string {
  return toPlainLines(text).join(' ')
}

/** Of a longer text, only the beginning is read, UTF-16 units: a list shows less. */
const maxListed = 1000

/** The same for a text whose lines matter, such as a prompt in a list: `for i in 1 2 ⏎ do make ⏎ done`. At most its first 1000 UTF-16 units. */
export function toListLine(text: string): string {
  return toPlainLines(text.trimStart().slice(0, maxListed))
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' ⏎ ')
}

/** Untrusted text as its lines, without control sequences. */
export function toPlainLines(text: string): string[] {
  return text
    .replace(escapes, '')
    .split(/\r\n?|\n/)
    .map((line) => line.replaceAll('\t', ' ').replace(leftOut, ''))
}
