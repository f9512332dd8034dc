/** The bytes that a terminal sends for a key. */
export const keyBytes = {
  altEnter: '\u001b\r',
  shiftEnter: '\u001b[13;2u',
  tab: '\t',
  left: '\u001b[D',
  right: '\u001b[C',
  ctrlLeft: '\u001b[1;5D',
  ctrlRight: '\u001b[1;5C',
  altRight: '\u001b[1;3C',
  home: '\u001b[H',
  end: '\u001b[F',
  delete: '\u001b[3~',
  backspace: '\u007f',
  altBackspace: '\u001b\u007f',
  ctrlUnderscore: '\u001f',
} as const

/** Ctrl and a letter. */
export function ctrl(letter: string): string {
  return String.fromCharCode(letter.charCodeAt(0) & 0x1f)
}

/** Alt and a letter. */
export function alt(letter: string): string {
  return `\u001b${letter}`
}

/** The bytes that a terminal sends for a pasted text. */
export function pasted(text: string): string {
  return `\u001b[200~${text.replaceAll('\n', '\r')}\u001b[201~`
}
