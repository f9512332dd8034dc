/**
 * How a line of text is typed into bash's line editor, so that it arrives byte for byte: as a bracketed paste, in which a
 * tab, a quote, any byte is text, then Enter.
 */

const PASTE_BEGINS = '\x1b[200~'
const PASTE_ENDS = '\x1b[201~'
const QUOTE_NEXT = '\x16'
const DISCARD_LINE = '\x15'
const ENTER = '\r'

/** What the terminal itself acts on before any program sees it: Ctrl-C, Ctrl-Q, Ctrl-S, Ctrl-Z, Ctrl-\. NUL is no text. */
const UNTYPABLE = '\0\x03\x11\x13\x1a\x1c'

export interface EncodeLineOptions {
  /** First discards what stands in the line already. @default false */
  discard?: boolean
}

/** The keystrokes of one line, Enter included. The line has no newline, and nothing that `findUntypable` finds. */
export function encodeLine(line: string, options: EncodeLineOptions = {}): Uint8Array {
  const {discard = false} = options
  // Two bytes mean something inside a paste, too: an escape may begin its end, a carriage return is taken for a newline.
  const quoted = (key: string): string => PASTE_ENDS + QUOTE_NEXT + key + PASTE_BEGINS
  const text = line.replaceAll('\x1b', quoted('\x1b')).replaceAll('\r', quoted('\r'))
  const paste = line === '' ? '' : PASTE_BEGINS + text + PASTE_ENDS
  return Buffer.from((discard ? DISCARD_LINE : '') + paste + ENTER)
}

/** Ctrl-C: ends the foreground program, or empties the line editor. */
export function encodeInterrupt(): Uint8Array {
  return Buffer.from('\x03')
}

/** Where the first NUL stands, which no command holds; undefined if there is none. */
export function findNul(text: string): number | undefined {
  const at = text.indexOf('\0')
  return at === -1 ? undefined : at
}

/** Where the first character stands that cannot be typed, counted from 0; undefined if there is none. */
export function findUntypable(text: string): number | undefined {
  for (let index = 0; index < text.length; index++) if (UNTYPABLE.includes(text.charAt(index))) return index
  return undefined
}
