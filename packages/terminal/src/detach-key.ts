export interface DetachKeyFinder {
  /** What of these bytes, as latin1, is for the program, and whether the key was pressed behind it. */
  feed(text: string): {forProgram: string; isPressed: boolean}
}

const pasteBegins = '\x1b[200~'
const pasteEnds = '\x1b[201~'

/**
 * Looks for a control key, named by its letter, in what a terminal sends: as its byte, or as terminals send it when the program
 * has asked for more about keys (`CSI 111;5u`, `CSI 27;5;111~`). In a paste it is text.
 */
export function createDetachKeyFinder(letter: string): DetachKeyFinder {
  const code = letter.toLowerCase().charCodeAt(0)
  const byte = String.fromCharCode(code & 0x1f)
  // Modifiers are told as 1 and their sum; 4 is Ctrl. 64 and 128 are the locks.
  const key = new RegExp(
    String.raw`${byte}|\x1b\[${code}(?::\d*)*;(?:5|69|133|197)(?::1)?u|\x1b\[27;5;${code}~|\x1b\[20[01]~`,
    'g',
  )
  let isPasting = false
  return {
    feed(text) {
      for (const {0: found, index} of text.matchAll(key)) {
        if (found === pasteBegins || found === pasteEnds) isPasting = found === pasteBegins
        else if (!isPasting) return {forProgram: text.slice(0, index), isPressed: true}
      }
      return {forProgram: text, isPressed: false}
    },
  }
}
