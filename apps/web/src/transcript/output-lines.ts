import {createTerminalReader, type Piece} from '@holdfast/terminal/plain'

import {applySgr, type TextStyle} from './text-style.ts'

/** A piece of a line. */
export interface Segment {
  text: string
  style: TextStyle | undefined
}

export interface OutputLine {
  readonly segments: readonly Segment[]
  /** It is no output: it stands for something that the log has left out. */
  readonly isNote?: boolean
}

/** The output of one command as lines that grow, and that the program may redraw. */
export interface OutputLines {
  /** The last line may be unfinished. */
  readonly lines: readonly OutputLine[]
  /** Lines before them, which are dropped. */
  readonly dropped: number
  add(text: string): void
  addNote(text: string): void
}

/** Lines that are kept. */
const maxLines = 10_000
/** Lines that are dropped at a time: each time moves all others. */
const droppedAtOnce = 1000
/** Rows that the cursor can move up: those of a tall screen. */
const maxRowsUp = 500
/** A longer line goes on in the next one, UTF-16 units. */
const maxLineLength = 32_768

interface Row {
  segments: Segment[]
  length: number
  isNote?: boolean
}

export function createOutputLines(): OutputLines {
  const reader = createTerminalReader()
  let rows: Row[] = []
  let dropped = 0
  /** The row of the cursor; there may be none yet. */
  let at = 0
  let column = 0
  /** The cursor does not move above this row. */
  let top = 0
  let style: TextStyle | undefined

  const rowAt = (index: number): Row => {
    while (rows.length <= index) rows.push({segments: [], length: 0})
    return rows[index]!
  }
  /** Components compare rows by identity. */
  const replaceRow = (index: number, segments: Segment[]) => {
    rows[index] = {segments, length: lengthOf(segments)}
  }
  const put = (text: string) => {
    for (let rest = text; rest !== '';) {
      if (column >= maxLineLength) feed()
      const part = rest.slice(0, maxLineLength - column)
      rest = rest.slice(part.length)
      const {segments, length} = rowAt(at)
      const before = column < length ? cut(segments, 0, column) : [...segments, ...blanks(column - length)]
      const after = column + part.length < length ? cut(segments, column + part.length, length) : []
      replaceRow(at, join([...before, {text: part, style}, ...after]))
      column += part.length
    }
  }
  const feed = () => {
    rowAt(at)
    at++
    column = 0
    if (at > maxLines) {
      rows = rows.slice(droppedAtOnce)
      dropped += droppedAtOnce
      at -= droppedAtOnce
      top = Math.max(0, top - droppedAtOnce)
    }
  }
  const take = (piece: Piece) => {
    switch (piece.kind) {
      case 'text':
        return put(piece.text)
      case 'colour':
        style = applySgr(style, piece.escape)
        return
      case 'line-feed':
        return feed()
      case 'return':
        column = 0
        return
      case 'move':
        column = Math.min(maxLineLength, Math.max(0, column + piece.by))
        return
      case 'column':
        column = Math.min(maxLineLength, Math.max(0, piece.at))
        return
      case 'row':
        at = Math.min(Math.max(top, at + piece.by, at - maxRowsUp), rows.length)
        return
      case 'erase': {
        const {segments, length} = rowAt(at)
        if (piece.what === 'left')
          replaceRow(at, [...blanks(Math.min(column, length)), ...cut(segments, column, length)])
        else replaceRow(at, piece.what === 'all' ? [] : cut(segments, 0, column))
        return
      }
      case 'erase-screen':
        if (piece.what === 'below') {
          rows.length = Math.min(rows.length, at + 1)
          replaceRow(at, cut(rowAt(at).segments, 0, column))
        } else {
          // What was printed stays: it is a transcript.
          top = at = rows.length
          column = 0
        }
    }
  }

  return {
    get lines() {
      return rows
    },
    get dropped() {
      return dropped
    },
    add(text) {
      for (const piece of reader.read(text)) take(piece)
    },
    addNote(text) {
      if ((rows[at]?.length ?? 0) > 0) feed()
      rows[at] = {segments: [{text, style: undefined}], length: text.length, isNote: true}
      feed()
    },
  }
}

function lengthOf(segments: readonly Segment[]): number {
  return segments.reduce((sum, {text}) => sum + text.length, 0)
}

function blanks(count: number): Segment[] {
  return count <= 0 ? [] : [{text: ' '.repeat(count), style: undefined}]
}

/** The segments from one column to another. */
function cut(segments: readonly Segment[], from: number, to: number): Segment[] {
  const parts: Segment[] = []
  let start = 0
  for (const {text, style} of segments) {
    const part = text.slice(Math.max(0, from - start), Math.max(0, to - start))
    if (part !== '' && start < to) parts.push({text: part, style})
    start += text.length
  }
  return parts
}

/** Neighbours of one style are one segment. */
function join(segments: readonly Segment[]): Segment[] {
  const joined: Segment[] = []
  for (const segment of segments) {
    const last = joined.at(-1)
    if (last !== undefined && last.style === segment.style)
      joined[joined.length - 1] = {...last, text: last.text + segment.text}
    else joined.push(segment)
  }
  return joined
}
