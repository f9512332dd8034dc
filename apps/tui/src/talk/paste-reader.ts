/** The longest paste, bytes. */
export const maxPasteBytes = 4 * 1024 * 1024

const begin = '\u001b[200~'
const end = '\u001b[201~'
const ctrlC = 3

export interface PasteReaderOptions {
  /** Everything that is not pasted. */
  onKeys: (keys: Uint8Array) => void
  onPaste: (text: string) => void
  /** A paste was longer than `maxPasteBytes`, and is dropped. */
  onTooLong: () => void
}

/**
 * Distinguishes pastes from keys, in the bytes of a terminal that marks pastes. The bytes may be cut at any place but behind the
 * ESC that begins a paste. Ctrl-C that comes alone drops an unfinished paste, whose end may never come, and is a key.
 */
export function createPasteReader({onKeys, onPaste, onTooLong}: PasteReaderOptions): {
  take: (bytes: Uint8Array) => void
} {
  /** One character for each byte. */
  let text = ''
  let pasted: string | undefined
  let isTooLong = false

  const add = (part: string) => {
    isTooLong ||= (pasted?.length ?? 0) + part.length > maxPasteBytes
    pasted = isTooLong ? '' : `${pasted}${part}`
  }
  const finish = () => {
    if (isTooLong) onTooLong()
    else onPaste(Buffer.from(pasted ?? '', 'latin1').toString())
    pasted = undefined
    isTooLong = false
  }

  return {
    take(bytes) {
      if (pasted !== undefined && bytes.length === 1 && bytes[0] === ctrlC) {
        pasted = undefined
        isTooLong = false
        text = ''
      }
      text += Buffer.from(bytes).toString('latin1')
      for (;;) {
        const mark = pasted === undefined ? begin : end
        const at = text.indexOf(mark)
        const length = at === -1 ? text.length - cutLength(text, mark, pasted === undefined ? 2 : 1) : at
        const part = text.slice(0, length)
        if (pasted !== undefined) add(part)
        else if (part !== '') onKeys(Buffer.from(part, 'latin1'))
        text = text.slice(at === -1 ? length : at + mark.length)
        if (at === -1) return
        if (pasted === undefined) pasted = ''
        else finish()
      }
    },
  }
}

/** The length of the end of the text that may begin the mark, if it has at least `least` bytes: ESC alone is a key. */
function cutLength(text: string, mark: string, least: number): number {
  for (let length = mark.length - 1; length >= least; length--) if (text.endsWith(mark.slice(0, length))) return length
  return 0
}
