export interface DetachKeyFinder {
  /**
   * Takes the next bytes from the terminal, as latin1. Returns the bytes before the detach key, which are for the program,
   * and whether the key was pressed. Bytes after the key are dropped.
   */
  feed(text: string): {forProgram: string; isPressed: boolean}
}

const pasteStart = '\x1b[200~'
const pasteEnd = '\x1b[201~'

/**
 * Finds Ctrl and a letter in a terminal's input: as its control character, or in the forms that terminals send after a
 * program has asked for modified keys (`CSI 111;5u`, `CSI 27;5;111~`). Inside a bracketed paste it is text.
 */
export function createDetachKeyFinder(letter: string): DetachKeyFinder {
  const code = letter.toLowerCase().charCodeAt(0)
  const control = String.fromCharCode(code & 0x1f)
  // Modifiers are encoded as 1 plus their sum: Ctrl is 4, Caps Lock 64, Num Lock 128.
  const key = new RegExp(
    String.raw`${control}|\x1b\[${code}(?::\d*)*;(?:5|69|133|197)(?::1)?u|\x1b\[27;5;${code}~|\x1b\[20[01]~`,
    'g',
  )
  let isPasting = false
  return {
    feed(text) {
      for (const {0: found, index} of text.matchAll(key)) {
        if (found === pasteStart || found === pasteEnd) isPasting = found === pasteStart
        else if (!isPasting) return {forProgram: text.slice(0, index), isPressed: true}
      }
      return {forProgram: text, isPressed: false}
    },
  }
}
