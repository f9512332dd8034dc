/* oxlint-disable no-control-regex -- control characters are what this file is about */
/** What a program's output does to a line, as far as a line can show it. */
export type Piece =
  | {kind: 'text'; text: string}
  /** A colour or weight, as `ESC [ … m`. */
  | {kind: 'colour'; escape: string}
  | {kind: 'line-feed'}
  | {kind: 'return'}
  /** The cursor goes so many places; to the left if negative. */
  | {kind: 'move'; by: number}
  | {kind: 'column'; at: number}
  | {kind: 'erase'; what: 'right' | 'left' | 'all'}

export interface TerminalReader {
  /** Takes what was printed, cut anywhere; gives its pieces. All else that a terminal obeys is left out. */
  read(text: string): Piece[]
}

/** Where the reader stands: in text, behind ESC, in ESC with intermediates, in `ESC [`, in a string such as a title. */
type Place = 'text' | 'escape' | 'intermediate' | 'sequence' | 'string' | 'string-escape'

/** More parameters than a colour needs; a longer sequence is left out. */
const maxSequenceLength = 64

const plainText = /[^\u0000-\u001f\u007f-\u009f]+/y
const colourParameters = /^[\d;:]*$/
/** `ESC P`, `ESC X`, `ESC ]`, `ESC ^`, `ESC _`: a string begins, which no line shows. */
const stringStarts = 'PX]^_'

/**
 * Reads what a program printed as a terminal does (ECMA-48, with 7 and 8 bit controls; the states are those of Paul
 * Williams' parser), and gives only what may reach a terminal of ours: text, colours, and what happens within one line.
 */
export function createTerminalReader(): TerminalReader {
  let place: Place = 'text'
  let sequence = ''

  const control = (character: string): Piece | undefined => {
    switch (character) {
      case '\n':
      case '\u000b':
      case '\u000c':
      case '\u0085':
        return {kind: 'line-feed'}
      case '\r':
        return {kind: 'return'}
      case '\b':
        return {kind: 'move', by: -1}
      case '\t':
        return {kind: 'text', text: '\t'}
      default:
        return undefined
    }
  }

  /** Takes a control that means the same wherever it stands; `true` when it was one that ends what was begun. */
  const begin = (character: string): boolean => {
    const next = beginnings[character]
    if (next === undefined) return false
    place = next
    sequence = ''
    return true
  }

  const take = (character: string): Piece | undefined => {
    const isControl = character < ' ' || (character >= '\u007f' && character <= '\u009f')
    if (place === 'string' || place === 'string-escape') {
      // A string ends with BEL or ST; ESC that is no ST begins something else.
      if (character === '\u0007' || character === '\u009c') place = 'text'
      else if (place === 'string-escape') return leaveString(character)
      else if (character === '\u001b') place = 'string-escape'
      else if (character === '\u0018' || character === '\u001a') place = 'text'
      return undefined
    }
    if (begin(character)) return undefined
    if (isControl) return control(character)
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

/** What the controls begin that mean the same everywhere but in a string: CAN and SUB end, ESC and the 8 bit ones begin. */
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
    case 'K':
      return {kind: 'erase', what: first === 1 ? 'left' : first === 2 ? 'all' : 'right'}
    default:
      return undefined
  }
}
