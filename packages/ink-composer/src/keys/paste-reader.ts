const pasteStart = '\u001b[200~'
const pasteEnd = '\u001b[201~'

/** Pasted text, or its length if it was too long. Lengths are UTF-16 units. */
export type Paste = {kind: 'text'; text: string} | {kind: 'too-long'; length: number}

export interface PasteReaderOptions {
  /** A longer paste is counted, not kept. */
  maxLength: number
  onKeys: (text: string) => void
  /** `startMarker`: the part of the start sequence that was not passed on as keys already. */
  onPaste: (paste: Paste, startMarker: string) => void
}

/**
 * Separates bracketed pastes from keys, in order. Keys are never held back: the start of a start sequence, such as Esc, is
 * passed on at once.
 */
export function createPasteReader({maxLength, onKeys, onPaste}: PasteReaderOptions): {take(text: string): void} {
  let pasting: {pieces: string[]; length: number; startMarker: string} | undefined
  /** A partial sequence at the end of the last chunk: of `pasteStart` it was passed on, of `pasteEnd` it is held. */
  let partial = ''

  const takeKeys = (text: string): string => {
    const seen = partial + text
    const at = seen.indexOf(pasteStart)
    const keys = at === -1 ? text : seen.slice(partial.length, at)
    if (keys !== '') onKeys(keys)
    if (at === -1) {
      partial = partialAtEnd(pasteStart, seen)
      return ''
    }
    pasting = {pieces: [], length: 0, startMarker: pasteStart.slice(Math.max(0, partial.length - at))}
    partial = ''
    return seen.slice(at + pasteStart.length)
  }
  const takePasted = (text: string, paste: NonNullable<typeof pasting>): string => {
    const seen = partial + text
    const at = seen.indexOf(pasteEnd)
    partial = at === -1 ? partialAtEnd(pasteEnd, seen) : ''
    const pasted = seen.slice(0, at === -1 ? seen.length - partial.length : at)
    paste.length += pasted.length
    if (paste.length <= maxLength) paste.pieces.push(pasted)
    else paste.pieces = []
    if (at === -1) return ''
    pasting = undefined
    const {pieces, length, startMarker} = paste
    onPaste(length > maxLength ? {kind: 'too-long', length} : {kind: 'text', text: pieces.join('')}, startMarker)
    return seen.slice(at + pasteEnd.length)
  }

  return {
    take(text) {
      for (let left = text; left !== '';) left = pasting === undefined ? takeKeys(left) : takePasted(left, pasting)
    },
  }
}

/** The longest end of `text` that is a start of `sequence`. */
function partialAtEnd(sequence: string, text: string): string {
  for (let length = Math.min(sequence.length - 1, text.length); length > 0; length--) {
    if (text.endsWith(sequence.slice(0, length))) return sequence.slice(0, length)
  }
  return ''
}
