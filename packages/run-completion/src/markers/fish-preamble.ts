import {latin1} from '../bytes.ts'

const PASTE_OFF = '\x1b[?2004l'
const TITLE_BEGINS = '\x1b]0;'
const TITLE_ENDS = '\x07'
const COLORS = String.raw`(?:\x1b\[[\d;]*m|\x1b\(B)*`
/** Where `fish_title` prints nothing, only this remains. */
const RESET = '\x1b[30m\x1b(B\x1b[m'
const AFTER_TITLE = new RegExp(String.raw`^${COLORS}\r`)
const AFTER_TITLE_CUT = new RegExp(String.raw`^${COLORS}(?:\x1b(?:\[[\d;]*|\()?)?$`)
/** Longer text is no title. */
const MAX_TITLE_BYTES = 8192

/**
 * The length of the preamble that fish prints between its start marker and the output of the command: it leaves its line
 * editor, sets the window title, then the colours, and returns to the beginning of the line. `cut` if the bytes end inside it.
 */
export function measureFishPreamble(bytes: Uint8Array): number | 'cut' {
  const text = latin1(bytes.subarray(0, MAX_TITLE_BYTES))
  if (PASTE_OFF.startsWith(text)) return 'cut'
  const at = text.startsWith(PASTE_OFF) ? PASTE_OFF.length : 0
  const title = text.slice(at)
  if (TITLE_BEGINS.startsWith(title) || RESET.startsWith(title)) return title === RESET ? at + RESET.length : 'cut'
  if (title.startsWith(RESET)) return at + RESET.length
  if (!title.startsWith(TITLE_BEGINS)) return at
  // The command in the title may contain the same character.
  let bell = title.indexOf(TITLE_ENDS)
  let rest = ''
  for (; bell !== -1; bell = title.indexOf(TITLE_ENDS, bell + 1)) {
    rest = title.slice(bell + 1)
    const found = AFTER_TITLE.exec(rest)
    if (found) return at + bell + 1 + found[0].length
    if (AFTER_TITLE_CUT.test(rest)) break
  }
  return text.length < MAX_TITLE_BYTES && (rest === '' || AFTER_TITLE_CUT.test(rest)) ? 'cut' : at
}
