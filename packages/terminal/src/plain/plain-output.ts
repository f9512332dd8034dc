import {createTerminalReader, type Piece} from './terminal-reader.ts'

export interface PlainOutputOptions {
  write: (text: string) => void
  /** Writes SGR sequences, too. */
  colours: boolean
  /** Writes an unfinished line at once; otherwise waits for its end. */
  unfinished: boolean
}

/** Program output as lines that only grow at their end: the cursor never moves back. */
export interface PlainOutput {
  /** Takes program output; a sequence may be split between two calls. */
  add(text: string): void
  /** Writes the rest and resets the state: the next output comes from another program. */
  flush(): void
  /** The last write ended its line. */
  readonly isAtLineStart: boolean
}

const blank: Cell = {text: ' ', colour: ''}

/** A line that a program redraws is written when it has not changed for this long, ms. */
const stableMs = 500

/** Cells of a line that are kept for redrawing; a longer line is written in pieces of this length. */
const maxLineLength = 32_768

const reset = '\u001b[0m'

interface Cell {
  text: string
  /** SGR sequences; empty for none. */
  colour: string
}

/**
 * Program output as text for a pipe, a screen reader or a dumb terminal. A line that the program redraws, such as a
 * progress bar, is written again when it has been stable for 500 ms or ends, not for each state.
 */
export function createPlainOutput({write, colours, unfinished}: PlainOutputOptions): PlainOutput {
  let reader = createTerminalReader()
  let cells: Cell[] = []
  let cursor = 0
  let colour = ''
  /** Cells of the line that are written. */
  let written = 0
  /** The written cells as they were written, once the program has redrawn some. */
  let shown: readonly Cell[] | undefined
  let isAtLineStart = true
  let timer: NodeJS.Timeout | undefined

  /** Text for one write at the end of this call. */
  let ready = ''

  const emit = (text: string) => void (ready += text)

  const writeReady = () => {
    if (ready === '') return
    const text = ready
    ready = ''
    isAtLineStart = text.endsWith('\n')
    write(text)
  }

  /** Writes the part of the line that is not written yet, or the whole line again if the program redrew it. */
  const catchUp = () => {
    clearTimeout(timer)
    timer = undefined
    if (shown === undefined || beginsWith(cells, shown)) {
      emit(render(cells.slice(written), colours))
      written = cells.length
    } else {
      // Programs erase with spaces: those at the end are left out.
      const length = cells.findLastIndex(({text}) => text !== ' ') + 1
      // An erased line is not written: the next state is.
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
      // The cursor may have moved beyond the end.
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
      else if (unfinished) timer ??= setTimeout(catchUpLate, stableMs)
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

/** A line that is only text, as most are, and the number of its pieces. */
function wholeLine(pieces: readonly Piece[], at: number): {text: string; length: number} | undefined {
  const piece = pieces[at]
  if (piece?.kind !== 'text') return undefined
  const length = pieces[at + 1]?.kind === 'return' ? 3 : 2
  return pieces[at + length - 1]?.kind === 'line-feed' ? {text: piece.text, length} : undefined
}

/** Starts and ends without attributes, as other text may follow. */
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

/** SGR sequences that add up to more are cut to the last one. */
const maxColourLength = 128

function nextColour(colour: string, escape: string): string {
  // A reset, alone or as the first parameter, ends the attributes before it.
  if (/\[0*m$/.test(escape)) return ''
  const isFresh = /\[0*;/.test(escape)
  const next = isFresh ? escape : colour + escape
  return next.length > maxColourLength ? escape : next
}
