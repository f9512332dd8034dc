import type {IBufferCell, IBufferLine, Terminal} from '@xterm/headless'

import type {TerminalModes} from '../modes/terminal-modes.ts'
import {leftOutCharacters} from '../plain/left-out-characters.ts'

/** A colour of the palette, 0 to 255, or `#rrggbb`. */
export type SnapshotColor = number | `#${string}`

/** Cells side by side that look alike. All characters of one take one cell each, or two each; one with combining marks is a span alone. */
export interface SnapshotSpan {
  text: string
  /** How many cells it takes. */
  cells: number
  /** @default the default colour of the terminal */
  color?: SnapshotColor
  /** @default the default background of the terminal */
  background?: SnapshotColor
  bold?: true
  dim?: true
  italic?: true
  underline?: true
  inverse?: true
  strikethrough?: true
  /** The program has hidden the text. */
  invisible?: true
}

export interface SnapshotLine {
  /** Without blank cells at the end that have no style. */
  spans: SnapshotSpan[]
  /** The line goes on in the next row. */
  isWrapped?: true
}

/** What a terminal shows at one moment. */
export interface Snapshot {
  cols: number
  rows: number
  /** Set by the program; empty for none. */
  title: string
  /** The program is on the alternate screen. */
  isAlternate: boolean
  /** From 0, within the screen. */
  cursor: {row: number; col: number; isVisible: boolean}
  modes: {applicationCursor: boolean; bracketedPaste: boolean; mouse: 'none' | 'x10' | 'vt200' | 'drag' | 'any'}
  /** The rows of the screen, from the top. */
  lines: SnapshotLine[]
  /** Rows that have scrolled off the top, the oldest first; left out unless asked for. */
  scrollback?: SnapshotLine[]
}

type Style = Omit<SnapshotSpan, 'text' | 'cells'>

const leftOut = new RegExp(`[${leftOutCharacters}]`, 'g')

/** `scrollback`: how many rows above the screen, at most. The alternate screen has none. */
export function takeSnapshot(terminal: Terminal, modes: TerminalModes, title: string, scrollback = 0): Snapshot {
  const {active} = terminal.buffer
  const {applicationCursorKeysMode, bracketedPasteMode, mouseTrackingMode} = terminal.modes
  const cell = active.getNullCell()
  const readLine = (at: number): SnapshotLine => {
    const line = active.getLine(at)
    const isWrapped = active.getLine(at + 1)?.isWrapped === true && at + 1 < active.baseY + terminal.rows
    return {spans: line === undefined ? [] : readSpans(line, cell), ...(isWrapped && {isWrapped})}
  }
  const readLines = (from: number, length: number) => Array.from({length}, (_, index) => readLine(from + index))
  const above = Math.min(scrollback, active.baseY)
  return {
    cols: terminal.cols,
    rows: terminal.rows,
    title,
    isAlternate: active.type === 'alternate',
    cursor: {row: active.cursorY, col: Math.min(active.cursorX, terminal.cols - 1), isVisible: !modes.isCursorHidden},
    modes: {
      applicationCursor: applicationCursorKeysMode,
      bracketedPaste: bracketedPasteMode,
      mouse: mouseTrackingMode,
    },
    lines: readLines(active.baseY, terminal.rows),
    ...(scrollback > 0 && {scrollback: readLines(active.baseY - above, above)}),
  }
}

/** The cells of a row; `cell` is overwritten. */
export function readSpans(line: IBufferLine, cell: IBufferCell): SnapshotSpan[] {
  const spans: SnapshotSpan[] = []
  let last: SnapshotSpan | undefined
  let lastKey: CellKey | undefined
  for (let x = 0; x < line.length; x++) {
    line.getCell(x, cell)
    const width = cell.getWidth()
    // The second cell of a wide character.
    if (width === 0) continue
    const text = textOf(cell)
    const isCombined = text.length > 1 && Array.from(text).length > 1
    const key = isCombined ? undefined : keyOf(cell, width)
    if (last !== undefined && key !== undefined && lastKey !== undefined && looksAlike(key, lastKey)) {
      last.text += text
      last.cells += width
    } else spans.push((last = {text, cells: width, ...styleOf(cell)}))
    lastKey = key
  }
  if (last === undefined || Object.keys(last).length > 2) return spans
  const text = last.text.trimEnd()
  last.cells -= (last.text.length - text.length) * (lastKey?.width ?? 1)
  last.text = text
  return text === '' ? spans.slice(0, -1) : spans
}

function textOf(cell: IBufferCell): string {
  const chars = cell.getChars()
  // Nearly always.
  if (chars.length === 1 && chars >= ' ' && chars <= '~') return chars
  return chars.replace(leftOut, '') || ' '
}

/** How a cell looks, as numbers: a screen has ten thousand cells, which are compared one by one. */
interface CellKey {
  width: number
  color: number
  background: number
  attributes: number
}

function keyOf(cell: IBufferCell, width: number): CellKey {
  return {
    width,
    color: cell.getFgColorMode() | cell.getFgColor(),
    background: cell.getBgColorMode() | cell.getBgColor(),
    attributes: attributesOf(cell),
  }
}

function looksAlike(one: CellKey, other: CellKey): boolean {
  return (
    one.attributes === other.attributes &&
    one.color === other.color &&
    one.background === other.background &&
    one.width === other.width
  )
}

/** All of them in one number. */
function attributesOf(cell: IBufferCell): number {
  return (
    (cell.isBold() && 1) |
    (cell.isDim() && 2) |
    (cell.isItalic() && 4) |
    (cell.isUnderline() && 8) |
    (cell.isInverse() && 16) |
    (cell.isStrikethrough() && 32) |
    (cell.isInvisible() && 64)
  )
}

function styleOf(cell: IBufferCell): Style {
  if (cell.isAttributeDefault()) return {}
  const color = cell.isFgPalette() ? cell.getFgColor() : cell.isFgRGB() ? hex(cell.getFgColor()) : undefined
  const background = cell.isBgPalette() ? cell.getBgColor() : cell.isBgRGB() ? hex(cell.getBgColor()) : undefined
  return {
    ...(color !== undefined && {color}),
    ...(background !== undefined && {background}),
    ...(cell.isBold() && {bold: true}),
    ...(cell.isDim() && {dim: true}),
    ...(cell.isItalic() && {italic: true}),
    ...(cell.isUnderline() && {underline: true}),
    ...(cell.isInverse() && {inverse: true}),
    ...(cell.isStrikethrough() && {strikethrough: true}),
    ...(cell.isInvisible() && {invisible: true}),
  }
}

function hex(color: number): `#${string}` {
  return `#${color.toString(16).padStart(6, '0')}`
}
