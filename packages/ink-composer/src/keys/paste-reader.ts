const pasteStart = '\u001b[200~'
const pasteEnd = '\u001b[201~'

/** What was pasted, or how much where that was too much. Lengths in UTF-16 units. */
export type Paste = {kind: 'text'; text: string} | {kind: 'too-long'; length: number}

export interface PasteReaderOptions {
  /** A longer paste is not kept. */
  maxLength: number
  onKeys: (text: string) => void
  /** `startMark`: what the paste began with, as far as it was not among the keys already. */
  onPaste: (paste: Paste, startMark: string) => void
}

/**
 * Takes pastes out of what comes from a terminal, in order with the keys around them. Keys are not held back: what may be
 * the begin of a paste, such as Esc, goes on at once.
 */
export function createPasteReader({maxLength, onKeys, onPaste}: PasteReaderOptions): {take(text: string): void} {
  let pasting: {pieces: string[]; length: number; startMark: string} | undefined
  /** The begin of a mark that came last: of `pasteStart` it went on with the keys, of `pasteEnd` it is held. */
  let begun = ''

  const takeKeys = (text: string): string => {
    const seen = begun + text
    const at = seen.indexOf(pasteStart)
    const keys = at === -1 ? text : seen.slice(begun.length, at)
    if (keys !== '') onKeys(keys)
    if (at === -1) {
      begun = beginOf(pasteStart, seen)
      return ''
    }
    pasting = {pieces: [], length: 0, startMark: pasteStart.slice(Math.max(0, begun.length - at))}
    begun = ''
    return seen.slice(at + pasteStart.length)
  }
  const takePasted = (text: string, paste: NonNullable<typeof pasting>): string => {
    const seen = begun + text
    const at = seen.indexOf(pasteEnd)
    begun = at === -1 ? beginOf(pasteEnd, seen) : ''
    const pasted = seen.slice(0, at === -1 ? seen.length - begun.length : at)
    paste.length += pasted.length
    if (paste.length <= maxLength) paste.pieces.push(pasted)
    else paste.pieces = []
    if (at === -1) return ''
    pasting = undefined
    const {pieces, length, startMark} = paste
    onPaste(length > maxLength ? {kind: 'too-long', length} : {kind: 'text', text: pieces.join('')}, startMark)
    return seen.slice(at + pasteEnd.length)
  }

  return {
    take(text) {
      for (let left = text; left !== '';) left = pasting === undefined ? takeKeys(left) : takePasted(left, pasting)
    },
  }
}

/** The longest end of a text with which a mark begins. */
function beginOf(mark: string, text: string): string {
  for (let length = Math.min(mark.length - 1, text.length); length > 0; length--) {
    if (text.endsWith(mark.slice(0, length))) return mark.slice(0, length)
  }
  return ''
}
