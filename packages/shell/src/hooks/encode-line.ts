/**
 * Encodes a line for bash's line editor so that it arrives byte for byte: as a bracketed paste, in which a tab, a quote and
 * any other byte is text, then Enter.
 */

import type {LineOptions} from './hooked-shell.ts'

const PASTE_BEGINS = '\x1b[200~'
const PASTE_ENDS = '\x1b[201~'
const QUOTE_NEXT = '\x16'
const DISCARD_LINE = '\x15'
const ENTER = '\r'

/** What the terminal itself acts on: Ctrl-C, Ctrl-Q, Ctrl-S, Ctrl-Z, Ctrl-\; and NUL, which no command contains. */
const UNTYPABLE = '\0\x03\x11\x13\x1a\x1c'

/** The keystrokes of one line, Enter included. The line contains no newline, and nothing that `findUntypable` finds. */
export function encodeLine(line: string, {discard = false}: LineOptions = {}): Uint8Array {
  // Inside a paste, an escape may begin its end, and readline reads a carriage return as a newline.
  const quoted = (key: string): string => PASTE_ENDS + QUOTE_NEXT + key + PASTE_BEGINS
  const text = line.replaceAll('\x1b', quoted('\x1b')).replaceAll('\r', quoted('\r'))
  const paste = line === '' ? '' : PASTE_BEGINS + text + PASTE_ENDS
  return Buffer.from((discard ? DISCARD_LINE : '') + paste + ENTER)
}

/** A line as a terminal or a line editor shows it. */
export function showLine(line: string): string {
  // oxlint-disable-next-line no-control-regex -- the characters to show
  return line.replaceAll(/[\x01-\x08\x0b-\x1f\x7f]/g, (key) => `^${String.fromCharCode(key.charCodeAt(0) ^ 0x40)}`)
}

/** The index of the first NUL, which no command contains; undefined if there is none. */
export function findNul(text: string): number | undefined {
  const at = text.indexOf('\0')
  return at === -1 ? undefined : at
}

/** The index of the first character that cannot be typed; undefined if there is none. */
export function findUntypable(text: string): number | undefined {
  for (let index = 0; index < text.length; index++) if (UNTYPABLE.includes(text.charAt(index))) return index
  return undefined
}
