import {findSequence, stringEnd} from './find-sequence.ts'

const pasteEnd = '\u001b[201~'

/** Pasted text, or its length if it was too long. Lengths are UTF-16 units. */
export type Paste = {kind: 'text'; text: string} | {kind: 'too-long'; length: number}

export interface InputReaderOptions {
  /** A longer paste is counted, not kept. */
  maxPasteLength: number
  /** Whole key presses: no sequence is ever split. */
  onKeys: (text: string) => void
  onPaste: (paste: Paste) => void
  /** A whole report of the terminal, unless it is long. @default dropped */
  onReport?: (report: string) => void
}

/** Both methods return how long to wait for more input before `expire` must be called, ms; `undefined`: for ever. */
export interface InputReader {
  take(text: string): number | undefined
  /** No more input came in time: held input is passed on as the key that it is without more, or dropped. */
  expire(): number | undefined
  /** A paste has begun, and not ended. */
  readonly isPasting: boolean
}

/** How long Esc, which begins most sequences, may be the beginning of one, ms. Slow connections tear sequences. */
const escapeMs = 30
/** The same for what can be no key alone, and for the rest of a sequence that is late. */
const sequenceMs = 1000
/** How long Enter that came at once with text, or lines that did, may go on as a paste without brackets, ms. */
const burstMs = 15
/** How long the rest of a paste may take to come, ms: a terminal that never ends it must not lock the keyboard. */
const pasteMs = 5000
/** Characters that begin a sequence or a string after Esc. */
const introducers = '[]OP_^X'
/** A longer report of the terminal is no report: what follows are keys. */
const maxReportLength = 65_536
/** A longer report is dropped, not passed on, UTF-16 units: colours and attributes are short. */
const maxPassedLength = 256

/**
 * Separates what a terminal sends into keys, pastes and reports, in order, however it is split. Reports never become keys: answers
 * to queries, also of programs that have ended, mouse and focus. Lines that arrive at once, without brackets, are a paste: nobody
 * types that fast, and no line of a paste may be run unseen.
 */
export function createInputReader({maxPasteLength, onKeys, onPaste, onReport}: InputReaderOptions): InputReader {
  /** Input that may be the beginning of something. */
  let held = ''
  let paste: {pieces: string[]; length: number} | undefined
  /** The length of the report that has begun, and not ended. */
  let dropped: number | undefined
  /** The beginning of that report. */
  let report = ''
  /**
   * The beginning of a sequence whose rest is late: Esc, which was passed on as a key, or Esc and another character, which will be
   * if no rest comes.
   */
  let late = ''
  /** Lines have just come at once. */
  let isBurst = false

  const keys = (text: string) => void (text !== '' && onKeys(text))

  const takePasted = (text: string, {pieces}: NonNullable<typeof paste>): string => {
    const at = text.indexOf(pasteEnd)
    const rest = at === -1 ? partialAtEnd(pasteEnd, text) : ''
    const pasted = text.slice(0, at === -1 ? text.length - rest.length : at)
    paste = {pieces, length: paste!.length + pasted.length}
    if (paste.length <= maxPasteLength) pieces.push(pasted)
    else pieces.length = 0
    held = rest
    if (at === -1) return ''
    endPaste(paste)
    return text.slice(at + pasteEnd.length)
  }
  const endPaste = ({pieces, length}: NonNullable<typeof paste>) => {
    paste = undefined
    onPaste(length > maxPasteLength ? {kind: 'too-long', length} : {kind: 'text', text: pieces.join('')})
  }
  const passReport = (whole: string) => void (whole.length <= maxPassedLength && onReport?.(whole))
  const takeReport = (text: string): string => {
    const end = stringEnd.exec(text)
    if (end === null) {
      held = text.endsWith('\u001b') ? '\u001b' : ''
      report = (report + text.slice(0, text.length - held.length)).slice(0, maxPassedLength + 1)
      dropped! += text.length
      if (dropped! > maxReportLength) dropped = undefined
      return ''
    }
    dropped = undefined
    const length = end.index + end[0].length
    passReport(report + text.slice(0, length))
    return text.slice(length)
  }
  const takeText = (text: string): string => {
    const escape = text.indexOf('\u001b')
    const typed = escape === -1 ? text : text.slice(0, escape)
    isBurst ||= isLines(typed)
    if (isBurst) {
      // With its last line break, which would submit the others.
      endPaste({pieces: [typed], length: typed.length})
    } else if (escape === -1 && /[^\r]\r$/.test(typed)) {
      keys(typed.slice(0, -1))
      held = typed.slice(-1)
    } else {
      keys(typed)
    }
    return escape === -1 ? '' : text.slice(escape)
  }
  const takeSequence = (text: string): string => {
    const sequence = findSequence(text)
    switch (sequence.kind) {
      case 'unfinished':
        held = text
        return ''
      case 'unfinished-string':
        dropped = 0
        report = text.slice(0, 2)
        return takeReport(text.slice(2))
      case 'report':
        passReport(text.slice(0, sequence.length))
        break
      case 'paste-start':
        paste = {pieces: [], length: 0}
        isBurst = false
        break
      case 'key':
        isBurst = false
        keys(text.slice(0, sequence.length))
    }
    return text.slice(sequence.length)
  }

  const keepAsKey = (begun: string) => {
    if (begun !== '\u001b') keys(begun)
  }
  const waitMs = (): number | undefined => {
    if (paste !== undefined) return pasteMs
    if (dropped !== undefined || late !== '') return sequenceMs
    if (held === '') return isBurst ? burstMs : undefined
    if (!held.startsWith('\u001b')) return burstMs
    return isKeyAlone(held) ? escapeMs : sequenceMs
  }

  return {
    take(text) {
      if (isRestOf(late, text)) held = late
      else keepAsKey(late)
      late = ''
      let left = held + text
      // Enter that was held is a line break if text follows.
      isBurst ||= held === '\r' && isLines(`x${left}`)
      held = ''
      while (left !== '') {
        if (paste !== undefined) left = takePasted(left, paste)
        else if (dropped !== undefined) left = takeReport(left)
        else left = left.startsWith('\u001b') ? takeSequence(left) : takeText(left)
      }
      return waitMs()
    },
    get isPasting() {
      return paste !== undefined || isBurst
    },
    expire() {
      const text = held
      held = ''
      dropped = undefined
      isBurst = false
      keepAsKey(late)
      late = ''
      if (paste !== undefined) {
        takePasted(`${text}${pasteEnd}`, paste)
        held = ''
      } else if (text.length <= 2 && text.startsWith('\u001b') && introducers.includes(text.slice(1))) {
        late = text
        if (text === '\u001b') keys(text)
      } else if (!text.startsWith('\u001b') || isKeyAlone(text)) keys(text)
      return waitMs()
    },
  }
}

/** Text with an Enter in its midst, and no other key that edits. */
function isLines(text: string): boolean {
  const [typed = ''] = text.split('\u001b')
  return /[^\r]\r+[^\r]/.test(typed) && !/[^\P{Cc}\t\n\r]/u.test(typed)
}

/** Whether text that comes at once goes on with a sequence: nobody types so much in one go. */
function isRestOf(begun: string, text: string): boolean {
  return begun !== '' && /^(?:\[.|O[A-Z]|[\]P_^X].{3})/s.test(begun.slice(1) + text)
}

function isKeyAlone(text: string): boolean {
  const sequence = findSequence(text)
  return sequence.kind === 'unfinished' && sequence.isKey
}

/** The longest end of `text` that is a start of `sequence`. */
function partialAtEnd(sequence: string, text: string): string {
  for (let length = Math.min(sequence.length - 1, text.length); length > 0; length--) {
    if (text.endsWith(sequence.slice(0, length))) return sequence.slice(0, length)
  }
  return ''
}
