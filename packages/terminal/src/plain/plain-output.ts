import {createTerminalReader, type Piece} from './terminal-pieces.ts'

export interface PlainOutputOptions {
  write: (text: string) => void
  /** Colours are written, too; else text alone. */
  colours: boolean
  /** The line that is not finished is written as far as it is; else only when it is finished. */
  unfinished: boolean
}

/** Output of programs as lines that grow at their end and nowhere else: the cursor is never moved. */
export interface PlainOutput {
  /** Takes what was printed, cut anywhere. */
  add(text: string): void
  /** Writes what waits, and forgets what was begun: what comes next is of another program. */
  flush(): void
  /** What was written last ended its line. */
  readonly isAtLineStart: boolean
}

const blank: Cell = {text: ' ', colour: ''}

/** A line that a program draws again and again is written when it has stood so long, ms. */
const standsMs = 500

/** Places in a line that are kept to be drawn again; a longer line is written in pieces of this length. */
const maxLineLength = 32_768

const reset = '\u001b[0m'

interface Cell {
  text: string
  /** The escapes that give it its colour; empty for none. */
  colour: string
}

/**
 * Output as text for who reads line by line: a pipe, a screen reader, a terminal that can do nothing. A line that is
 * written over, such as a progress bar, is written anew below when it stands for a while or ends, and not for each state.
 */
export function createPlainOutput({write, colours, unfinished}: PlainOutputOptions): PlainOutput {
  let reader = createTerminalReader()
  let cells: Cell[] = []
  let cursor = 0
  let colour = ''
  /** So many cells of the line are written. */
  let written = 0
  /** What they were when they were written, once they may be others. */
  let shown: readonly Cell[] | undefined
  let isAtLineStart = true
  let timer: NodeJS.Timeout | undefined

  /** What is to be written at the end of this turn, at once. */
  let ready = ''

  const emit = (text: string) => void (ready += text)

  const writeReady = () => {
    if (ready === '') return
    const text = ready
    ready = ''
    isAtLineStart = text.endsWith('\n')
    write(text)
  }

  /** Brings what is written up to what the line is now. */
  const catchUp = () => {
    clearTimeout(timer)
    timer = undefined
    if (shown === undefined || beginsWith(cells, shown)) {
      emit(render(cells.slice(written), colours))
      written = cells.length
    } else {
      // The spaces at its end are what a program wiped with.
      const length = cells.findLastIndex(({text}) => text !== ' ') + 1
      // What was wiped out stands until something else does.
      if (length === 0) return
      emit(`\n${render(cells.slice(0, length), colours)}`)
      written = length
    }
    shown = undefined
  }

  const catchUpLate = () => {
    catchUp()
    writeReady()
  }

  const keepShown = () => {
    if (written > 0) shown ??= cells.slice(0, written)
  }

  const endLine = (end: string) => {
    catchUp()
    emit(end)
    cells = []
    cursor = 0
    written = 0
    shown = undefined
  }

  const put = (text: string) => {
    for (const character of text) {
      if (cursor < written) keepShown()
      // Beyond its end, a line holds spaces.
      while (cells.length < cursor) cells.push(blank)
      cells[cursor++] = {text: character, colour}
      if (cells.length >= maxLineLength && cursor === cells.length) endLine('')
    }
  }

  const moveTo = (at: number) => {
    cursor = Math.min(Math.max(0, at), maxLineLength - 1)
  }

  const erase = (what: 'right' | 'left' | 'all') => {
    keepShown()
    if (what === 'left') cells = cells.map((cell, at) => (at < cursor ? blank : cell))
    else cells.length = what === 'all' ? 0 : Math.min(cells.length, cursor)
  }

  const take = (piece: Piece) => {
    switch (piece.kind) {
      case 'text':
        return put(piece.text)
      case 'colour':
        colour = nextColour(colour, piece.escape)
        return
      case 'line-feed':
        return endLine('\n')
      case 'return':
        return moveTo(0)
      case 'move':
        return moveTo(cursor + piece.by)
      case 'column':
        return moveTo(piece.at)
      case 'erase':
        return erase(piece.what)
    }
  }

  return {
    add(text) {
      const pieces = reader.read(text)
      for (let at = 0; at < pieces.length;) {
        const whole = cells.length + cursor + written === 0 && colour === '' ? wholeLine(pieces, at) : undefined
        if (whole !== undefined) {
          emit(`${whole.text}\n`)
          at += whole.length
        } else {
          const piece = pieces[at++]
          if (piece !== undefined) take(piece)
        }
      }
      if (unfinished && shown === undefined) catchUp()
      else if (unfinished) timer ??= setTimeout(catchUpLate, standsMs)
      writeReady()
    },
    flush() {
      endLine('')
      writeReady()
      reader = createTerminalReader()
      colour = ''
    },
    get isAtLineStart() {
      return isAtLineStart
    },
  }
}

/** A line that is nothing but text, as most are, and how many pieces it takes. */
function wholeLine(pieces: readonly Piece[], at: number): {text: string; length: number} | undefined {
  const piece = pieces[at]
  if (piece?.kind !== 'text') return undefined
  const length = pieces[at + 1]?.kind === 'return' ? 3 : 2
  return pieces[at + length - 1]?.kind === 'line-feed' ? {text: piece.text, length} : undefined
}

/** Each piece that is written begins and ends without colour: what is written next, by whomever, has its own. */
function render(cells: readonly Cell[], colours: boolean): string {
  let text = ''
  let current = ''
  for (const cell of cells) {
    if (colours && cell.colour !== current) {
      text += `${current === '' ? '' : reset}${cell.colour}`
      current = cell.colour
    }
    text += cell.text
  }
  return current === '' ? text : text + reset
}

function beginsWith(cells: readonly Cell[], beginning: readonly Cell[]): boolean {
  return beginning.every(({text}, at) => cells[at]?.text === text)
}

/** Escapes that add up to more than this are no colour that anybody sees. */
const maxColourLength = 128

function nextColour(colour: string, escape: string): string {
  // A reset, also as the first of several: what was before it is over.
  if (/\[0*m$/.test(escape)) return ''
  const isFresh = /\[0*;/.test(escape)
  const next = isFresh ? escape : colour + escape
  return next.length > maxColourLength ? escape : next
}
