import {leftOutCharacters} from './left-out-characters.ts'

/** An effect of program output on one line, or on those around it. */
export type Piece =
  | {kind: 'text'; text: string}
  /** An SGR sequence, `ESC [ … m`. */
  | {kind: 'colour'; escape: string}
  | {kind: 'line-feed'}
  | {kind: 'return'}
  /** Moves the cursor by this many cells; left if negative. */
  | {kind: 'move'; by: number}
  | {kind: 'column'; at: number}
  | {kind: 'erase'; what: 'right' | 'left' | 'all'}
  /** Moves the cursor by this many rows; up if negative. */
  | {kind: 'row'; by: number}
  /** Erases from the cursor to the end of the screen, or all of it. */
  | {kind: 'erase-screen'; what: 'below' | 'all'}

export interface TerminalReader {
  /** Takes program output, split anywhere, and returns its pieces. All other control functions are left out. */
  read(text: string): Piece[]
}

/** The state: in text, after ESC, in ESC with intermediates, in `ESC [`, in a string such as a title. */
type Place = 'text' | 'escape' | 'intermediate' | 'sequence' | 'string' | 'string-escape'

/** A longer sequence is left out; no SGR sequence needs as much. UTF-16 units. */
const maxSequenceLength = 64

const plainText = new RegExp(`[^${leftOutCharacters}]+`, 'y')
const leftOut = new RegExp(`[${leftOutCharacters}]`)
const colourParameters = /^[\d;:]*$/
/** `ESC P`, `ESC X`, `ESC ]`, `ESC ^`, `ESC _` start a string, which is not text. */
const stringStarts = 'PX]^_'

/**
 * Parses program output as a terminal does (ECMA-48 with 7-bit and 8-bit controls; the states follow Paul Williams'
 * VT500 parser, https://vt100.net/emu/dec_ansi_parser), and returns only printable pieces: text, SGR sequences, and
 * movement within one line and by whole rows.
 */
export function createTerminalReader(): TerminalReader {
  let place: Place = 'text'
  let sequence = ''

  /** Takes a control that means the same in every state but strings; `true` if it was one. */
  const begin = (character: string): boolean => {
    const next = beginnings[character]
    if (next === undefined) return false
    place = next
    sequence = ''
    return true
  }

  const take = (character: string): Piece | undefined => {
    const isLeftOut = leftOut.test(character)
    if (place === 'string' || place === 'string-escape') {
      // A string ends with BEL or ST; any other ESC starts a new sequence.
      if (character === '\u0007' || character === '\u009c') place = 'text'
      else if (place === 'string-escape') return leaveString(character)
      else if (character === '\u001b') place = 'string-escape'
      else if (character === '\u0018' || character === '\u001a') place = 'text'
      return undefined
    }
    if (begin(character)) return undefined
    if (isLeftOut) return controls[character]
    if (place === 'escape') return takeEscape(character)
    if (place === 'intermediate') {
      if (character >= '0') place = 'text'
      return undefined
    }
    if (character < '@') {
      if (sequence.length < maxSequenceLength) sequence += character
      return undefined
    }
    place = 'text'
    return sequence.length < maxSequenceLength ? sequencePiece(sequence, character) : undefined
  }

  const leaveString = (character: string): Piece | undefined => {
    if (character === '\\') {
      place = 'text'
      return undefined
    }
    place = 'escape'
    return take(character)
  }

  const takeEscape = (character: string): Piece | undefined => {
    sequence = ''
    if (character === '[') place = 'sequence'
    else if (stringStarts.includes(character)) place = 'string'
    else if (character < '0') place = 'intermediate'
    else place = 'text'
    return undefined
  }

  return {
    read(text) {
      const pieces: Piece[] = []
      for (let at = 0; at < text.length;) {
        if (place === 'text') {
          plainText.lastIndex = at
          const [plain] = plainText.exec(text) ?? []
          if (plain !== undefined) {
            pieces.push({kind: 'text', text: plain})
            at += plain.length
            continue
          }
        }
        const piece = take(text[at] ?? '')
        if (piece !== undefined) pieces.push(piece)
        at++
      }
      return pieces
    },
  }
}

const lineFeed: Piece = {kind: 'line-feed'}
/** What control characters do to a line; all others are left out. */
const controls: Readonly<Record<string, Piece>> = {
  '\n': lineFeed,
  '\u000b': lineFeed,
  '\u000c': lineFeed,
  '\u0085': lineFeed,
  '\r': {kind: 'return'},
  '\b': {kind: 'move', by: -1},
  '\t': {kind: 'text', text: '\t'},
}

/** The states after controls that mean the same everywhere but in a string: CAN and SUB cancel, ESC and 8-bit controls start. */
const beginnings: Readonly<Record<string, Place>> = {
  '\u0018': 'text',
  '\u001a': 'text',
  '\u001b': 'escape',
  '\u0090': 'string',
  '\u0098': 'string',
  '\u009b': 'sequence',
  '\u009c': 'text',
  '\u009d': 'string',
  '\u009e': 'string',
  '\u009f': 'string',
}

function sequencePiece(parameters: string, final: string): Piece | undefined {
  if (!colourParameters.test(parameters)) return undefined
  const first = Number(/^\d{1,4}/.exec(parameters)?.[0] ?? 0)
  switch (final) {
    case 'm':
      return {kind: 'colour', escape: `\u001b[${parameters}m`}
    case 'C':
      return {kind: 'move', by: first || 1}
    case 'D':
      return {kind: 'move', by: -(first || 1)}
    case 'G':
      return {kind: 'column', at: (first || 1) - 1}
    case 'A':
      return {kind: 'row', by: -(first || 1)}
    case 'B':
      return {kind: 'row', by: first || 1}
    case 'J':
      return first === 0 ? {kind: 'erase-screen', what: 'below'} : {kind: 'erase-screen', what: 'all'}
    case 'K':
      return {kind: 'erase', what: first === 1 ? 'left' : first === 2 ? 'all' : 'right'}
    default:
      return undefined
  }
}
