/** Divides a program's output between the normal screen and the alternate one, on which full-screen programs draw. */
export interface NormalScreen {
  /**
   * Takes output, split anywhere, and returns the part for the normal screen. The sequences that switch between the two
   * screens belong to it: so its reader knows when a program has the whole terminal.
   */
  read(data: Uint8Array): Uint8Array
  /** Takes the same, and returns all of it, divided, in its order. A sequence that may switch back waits for its end. */
  split(data: Uint8Array): readonly ScreenPart[]
  /** Returns the sequence that still waits. */
  rest(): Uint8Array
  /** After the output so far, the program draws on the alternate screen. */
  readonly isAlternate: boolean
}

/** Output for one of the two screens. */
export interface ScreenPart {
  isAlternate: boolean
  data: Uint8Array
}

type Place = 'text' | 'escape' | 'intermediate' | 'sequence'

const [escape, cancel, substitute] = [0x1b, 0x18, 0x1a]
/** The modes that switch to the alternate screen. */
const screens: ReadonlySet<string> = new Set(['47', '1047', '1049'])
/** A longer sequence switches nothing, bytes. */
const maxSequenceLength = 64
const nothing = new Uint8Array(0)

/**
 * Every sequence starts with ESC, also inside of a string such as a title, which it cancels: so the states of strings need not
 * be known.
 */
export function createNormalScreen(): NormalScreen {
  let isAlternate = false
  let place: Place = 'text'
  /** The sequence so far, without ESC `[` and control characters. */
  let sequence = ''
  /** Its bytes so far. */
  let length = 0
  /** The beginning of a sequence on the alternate screen. */
  let held: Uint8Array = nothing

  /** Takes one byte from ESC on. Returns true if it ends a sequence that switches the screen. */
  const take = (byte: number): boolean => {
    length += 1
    if (byte === escape || byte === cancel || byte === substitute) {
      place = byte === escape ? 'escape' : 'text'
      length = 1
      return false
    }
    if (length > maxSequenceLength) {
      place = 'text'
      return false
    }
    // Other control characters act at once, and do not end a sequence.
    if (byte < 0x20) return false
    if (place === 'sequence') {
      sequence += String.fromCharCode(byte)
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
    return isFirst && byte === 'c'.charCodeAt(0) && switchTo(false)
  }
  const switchTo = (next: boolean): boolean => {
    const isSwitch = next !== isAlternate
    isAlternate = next
    return isSwitch
  }

  const split = (data: Uint8Array): readonly ScreenPart[] => {
    const bytes = held.length === 0 ? data : Buffer.concat([held, data])
    held = nothing
    const parts: ScreenPart[] = []
    const add = (isOfAlternate: boolean, part: Uint8Array) => {
      if (part.length > 0) parts.push({isAlternate: isOfAlternate, data: part})
    }
    let from = 0
    let sequenceStart = 0
    for (let at = 0; at < bytes.length; at++) {
      if (place === 'text') {
        at = bytes.indexOf(escape, at)
        if (at === -1) break
      }
      if (bytes[at] === escape) sequenceStart = at
      if (!take(bytes[at]!)) continue
      const end = isAlternate ? from : sequenceStart
      add(true, bytes.subarray(from, end))
      add(false, bytes.subarray(end, at + 1))
      from = at + 1
    }
    const isWaiting = isAlternate && place !== 'text'
    const end = isWaiting ? sequenceStart : bytes.length
    add(isAlternate, bytes.subarray(from, end))
    if (isWaiting) {
      // It is read again from its beginning.
      held = bytes.slice(end)
      place = 'text'
    }
    return parts
  }

  return {
    get isAlternate() {
      return isAlternate
    },
    split,
    read(data) {
      const kept = split(data).flatMap((part) => (part.isAlternate ? [] : [part.data]))
      return kept.length > 1 ? Buffer.concat(kept) : (kept[0] ?? nothing)
    },
    rest() {
      const last = held
      held = nothing
      return last
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
