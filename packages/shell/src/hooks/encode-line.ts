/**
 * Encodes a line for bash's line editor so that it arrives byte for byte: as a bracketed paste, in which a tab, a quote and
 * any other byte is text, then Enter. All keys are our own, because the user may have bound the usual ones to something else.
 */

import type {LineOptions} from './hooked-shell.ts'

/** The keys, by the readline function to which they must be bound. */
export const LINE_KEYS = {
  'bracketed-paste-begin': '\x1b[7133~',
  'accept-line': '\x1b[7137~',
  'quoted-insert': '\x1b[7138~',
  'kill-whole-line': '\x1b[7139~',
}
const PASTE_BEGINS = LINE_KEYS['bracketed-paste-begin']
const PASTE_ENDS = '\x1b[201~'
const QUOTE_NEXT = LINE_KEYS['quoted-insert']
/** Twice, because a key typed before may swallow the first escape, and make the rest of the first text. */
const DISCARD_LINE = LINE_KEYS['kill-whole-line'].repeat(2)
const ENTER = LINE_KEYS['accept-line']

/** What the terminal itself acts on: Ctrl-C, Ctrl-Q, Ctrl-S, Ctrl-Z, Ctrl-\; and NUL, which no command contains. */
const UNTYPABLE = '\0\x03\x11\x13\x1a\x1c'

/** The keystrokes of one line, Enter included. The line contains no newline, and nothing that `findUntypable` finds. */
export function encodeLine(line: string, {discard = false}: LineOptions = {}): Uint8Array {
  // Inside a paste, an escape may begin its end, and readline reads a carriage return as a newline.
  const quoted = (key: string): string => PASTE_ENDS + QUOTE_NEXT + key + PASTE_BEGINS
  const text = line.replaceAll('\x1b', quoted('\x1b')).replaceAll('\r', quoted('\r'))
  const paste = line === '' ? '' : PASTE_BEGINS + text + PASTE_ENDS
  // A shell that has only recorded a Ctrl-C swallows a byte of an empty line.
  return Buffer.from((discard || line === '' ? DISCARD_LINE : '') + paste + ENTER)
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
