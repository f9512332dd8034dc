/** Ctrl and a character, pressed once, or twice in a row. */
export interface DetachKey {
  /** A letter, or `\`. */
  character: string
  presses: 1 | 2
}

export interface DetachKeyFinder {
  /**
   * Takes the next bytes from the terminal, as latin1. Returns the bytes before the detach key, which are for the program,
   * and whether the key was pressed. Bytes after the key are dropped.
   */
  feed(text: string): {forProgram: string; isPressed: boolean}
  /** The first of two presses is held back, until the next key decides. */
  readonly isHeld: boolean
  /** No second press came in time. Returns the first one, which is for the program. */
  release(): string
}

/** How long the first of two presses may be held back, ms. */
export const detachWithinMs = 1000

const pasteStart = '\x1b[200~'
const pasteEnd = '\x1b[201~'

/**
 * Finds Ctrl and a character in a terminal's input: as its control character, or in the forms that terminals send after a
 * program has asked for modified keys (`CSI 111;5u`, `CSI 27;5;111~`). Inside a bracketed paste it is text.
 */
export function createDetachKeyFinder({character, presses}: DetachKey): DetachKeyFinder {
  const code = character.toLowerCase().charCodeAt(0)
  const control = code === 0x5c ? '\\x1c' : String.fromCharCode(code & 0x1f)
  // Modifiers are encoded as 1 plus their sum: Ctrl is 4, Caps Lock 64, Num Lock 128. `:3` is the release of a key.
  const modified = String.raw`\x1b\[${code}(?::\d*)*;(?:5|69|133|197)`
  const key = new RegExp(
    String.raw`${control}|${modified}(?::1)?u|\x1b\[27;5;${code}~|(${modified}:[23]u)|\x1b\[20[01]~`,
    'g',
  )
  let isPasting = false
  let held = ''

  return {
    feed(text) {
      let forProgram = ''
      let at = 0
      const passOn = (end: number) => {
        if (end === at) return
        forProgram += held + text.slice(at, end)
        held = ''
        at = end
      }
      for (const {0: found, 1: release, index} of text.matchAll(key)) {
        const isMark = found === pasteStart || found === pasteEnd
        if (isMark) isPasting = found === pasteStart
        if (isMark || isPasting) continue
        passOn(index)
        if (release !== undefined && held === '') continue
        at = index + found.length
        if (release === undefined && (presses === 1 || held !== '')) {
          held = ''
          return {forProgram, isPressed: true}
        }
        held += found
      }
      passOn(text.length)
      return {forProgram, isPressed: false}
    },
    get isHeld() {
      return held !== ''
    },
    release() {
      const released = held
      held = ''
      return released
    },
  }
}
