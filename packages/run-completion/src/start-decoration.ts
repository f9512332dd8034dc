const PASTE_OFF = '\x1b[?2004l'
const TITLE_BEGINS = '\x1b]0;'
const TITLE_ENDS = '\x07'
const COLORS = String.raw`(?:\x1b\[[\d;]*m|\x1b\(B)*`
const BEHIND_TITLE = new RegExp(String.raw`^${COLORS}\r`)
const BEHIND_TITLE_CUT = new RegExp(String.raw`^${COLORS}(?:\x1b(?:\[[\d;]*|\()?)?$`)
/** A longer title is none. */
const MAX_TITLE_BYTES = 8192

/**
 * How long what fish prints before a command's own output is: it leaves its line editor and sets the window's title, then
 * the colours, then goes to the begin of the line. `cut` if more bytes may belong to it.
 */
export function findDecoration(bytes: Buffer): number | 'cut' {
  const text = bytes.toString('latin1', 0, MAX_TITLE_BYTES)
  if (PASTE_OFF.startsWith(text)) return 'cut'
  const at = text.startsWith(PASTE_OFF) ? PASTE_OFF.length : 0
  const title = text.slice(at)
  if (TITLE_BEGINS.startsWith(title)) return 'cut'
  if (!title.startsWith(TITLE_BEGINS)) return at
  const bell = title.indexOf(TITLE_ENDS)
  if (bell === -1) return text.length < MAX_TITLE_BYTES ? 'cut' : at
  const rest = title.slice(bell + 1)
  const found = BEHIND_TITLE.exec(rest)
  if (found) return at + bell + 1 + found[0].length
  return text.length < MAX_TITLE_BYTES && BEHIND_TITLE_CUT.test(rest) ? 'cut' : at
}
