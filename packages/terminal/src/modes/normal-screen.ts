/** Leaves out of a program's output what it draws on the alternate screen. */
export interface NormalScreen {
  /**
   * Takes output, split anywhere, and returns the part for the normal screen. The sequences that switch between the two
   * screens belong to it: so its reader knows when a program has the whole terminal.
   */
  read(data: Uint8Array): Uint8Array
  /** After the output so far, the program draws on the alternate screen. */
  readonly isAlternate: boolean
}

type Place = 'text' | 'escape' | 'intermediate' | 'sequence'

const [escape, cancel, substitute] = [0x1b, 0x18, 0x1a]
/** The modes that switch to the alternate screen. */
const screens: ReadonlySet<string> = new Set(['47', '1047', '1049'])
/** A longer sequence switches nothing. */
const maxSequenceLength = 64
const nothing = new Uint8Array(0)

/**
 * Every sequence starts with ESC, also inside of a string such as a title, which it cancels: so the states of strings need not
 * be known.
 */
export function createNormalScreen(): NormalScreen {
  let isAlternate = false
  let place: Place = 'text'
  /** The sequence so far, without ESC `[`. */
  let sequence = ''

  /** Takes one byte from ESC on. Returns true if it ends a sequence that switches the screen. */
  const take = (byte: number): boolean => {
    if (byte === escape || byte === cancel || byte === substitute) {
      place = byte === escape ? 'escape' : 'text'
      return false
    }
    // Other control characters act at once, and do not end a sequence.
    if (byte < 0x20) return false
    if (place === 'sequence') {
      if (sequence.length < maxSequenceLength) sequence += String.fromCharCode(byte)
      if (byte < 0x40) return false
      place = 'text'
      return switchTo(screenAfter(sequence) ?? isAlternate)
    }
    const isFirst = place === 'escape'
    if (isFirst && byte === '['.charCodeAt(0)) {
      place = 'sequence'
      sequence = ''
      return false
    }
    place = byte < 0x30 ? 'intermediate' : 'text'
    // A full reset.
    if (!isFirst || byte !== 'c'.charCodeAt(0)) return false
    sequence = ''
    return switchTo(false)
  }
  const switchTo = (next: boolean): boolean => {
    const isSwitch = next !== isAlternate
    isAlternate = next
    return isSwitch
  }

  return {
    get isAlternate() {
      return isAlternate
    },
    read(data) {
      const kept: Uint8Array[] = []
      let from = 0
      for (let at = 0; at < data.length; at++) {
        if (place === 'text') {
          at = data.indexOf(escape, at)
          if (at === -1) break
        }
        if (!take(data[at]!)) continue
        if (isAlternate) kept.push(data.subarray(from, at + 1))
        // Its first bytes may have come before this data.
        else kept.push(Buffer.from(sequence === '' ? '\x1bc' : `\x1b[${sequence}`))
        from = at + 1
      }
      if (!isAlternate) kept.push(data.subarray(from))
      return kept.length > 1 ? Buffer.concat(kept) : (kept[0] ?? nothing)
    },
  }
}

/** Whether a sequence switches to the alternate screen (`true`), or back (`false`); `undefined` for any other one. */
function screenAfter(sequence: string): boolean | undefined {
  const final = sequence.at(-1)
  if (!sequence.startsWith('?') || (final !== 'h' && final !== 'l')) return undefined
  const switches = sequence
    .slice(1, -1)
    .split(';')
    .some((mode) => screens.has(mode))
  return switches ? final === 'h' : undefined
}
