import ansiRegex from 'ansi-regex'

import {leftOutCharacters} from './left-out-characters.ts'

const escapes = ansiRegex()
const leftOut = new RegExp(`[${leftOutCharacters}]`, 'g')

/** Untrusted text, such as a title, as one line without control sequences. */
export function toPlainLine(text: string): string {
  return toPlainLines(text).join(' ')
}

/** Untrusted text as its lines, without control sequences. */
export function toPlainLines(text: string): string[] {
  return text
    .replace(escapes, '')
    .split(/\r\n?|\n/)
    .map((line) => line.replaceAll('\t', ' ').replace(leftOut, ''))
}
