import type {IBufferLine, IMarker, Terminal} from '@xterm/headless'

import type {ColorDepth} from '../screen/cell-style.ts'
import {loadTerminal} from '../screen/load-terminal.ts'
import {createRowReader} from '../screen/read-row.ts'
import type {TerminalSize} from '../terminal-size.ts'

/** Rows above the screen that the terminal keeps until they are taken. */
const keptRows = 4096

/** UTF-16 units written between two takes of rows: no more rows can leave the screen than the terminal keeps. */
const pieceLength = keptRows / 2

/** A line of more rows is cut, so that an endless line takes bounded memory. */
const maxRowsOfLine = 512

/** The CSI sequences that move the cursor up or to a row, restore it, scroll, or insert and delete rows. */
const movingFinals = ['A', 'F', 'H', 'L', 'M', 'S', 'T', 'd', 'f', 'r', 'u']

export interface OutputModel {
  /** Writes program output; resolves when it is on the screen. Calls `onRows` when rows may have scrolled off it. */
  write(text: string, onRows: () => void): Promise<void>
  /**
   * Takes the lines above the last `heldRows` rows, oldest first; a wrapped line is one line. Each is returned once. Of
   * more than `maxLines`, only the last are read, as reading costs more than printing; `skipped` counts the others.
   */
  takeLines(heldRows: number, maxLines: number): {skipped: number; lines: string[]}
  /** The lines that were not taken, but for the one that the program is writing. */
  wholeLines(): string[]
  /** The rows of that one. */
  readonly unfinishedRows: number
  /** At most `count` last rows as they are now; `first` is the number of the first of them, for `dropRows`. */
  lastRows(count: number): {rows: string[]; first: number}
  /** Rows before this number are shown already: they are not returned any more. */
  dropRows(number: number): void
  /** The program has moved its cursor to earlier rows, as progress displays do, so that it may change them again. */
  readonly changesEarlierRows: boolean
  /** The program has switched to the alternate screen. */
  readonly isFullScreen: boolean
  resize(size: TerminalSize): void
  dispose(): void
}

export interface OutputModelOptions {
  size: TerminalSize
  depth: ColorDepth
  /** A line feed alone starts a line: for output that no terminal made. */
  convertEol: boolean
}

/** Program output as its terminal shows it. */
export async function createOutputModel({size, depth, convertEol}: OutputModelOptions): Promise<OutputModel> {
  const terminal = await loadTerminal(size, {scrollback: keptRows, convertEol})
  const reader = createRowReader(terminal.buffer.normal, depth)
  /** The first row that was not taken. A marker moves with its row when rows scroll or are rewrapped. */
  let taken: IMarker | undefined
  let takenRows = 0

  const lineAt = (row: number): IBufferLine | undefined => terminal.buffer.normal.getLine(row)
  const firstRow = () => Math.max(0, taken?.line ?? 0)
  const endRow = () => endOfContent(terminal)
  const cursorRow = () => terminal.buffer.normal.baseY + terminal.buffer.normal.cursorY

  /** The text of the last taken rows that are still on the screen, until the program moves its cursor up. */
  let takenText: string[] = []
  const markTaken = (row: number) => {
    if (row < firstRow()) takenText = []
    takenRows += row - firstRow()
    taken?.dispose()
    taken = terminal.registerMarker(row - cursorRow())
  }
  // Erased rows are replaced by new ones, which were not taken yet.
  terminal.parser.registerCsiHandler({final: 'J'}, ([what]) => {
    const from = what === 0 ? cursorRow() : terminal.buffer.normal.baseY
    if (!isFullScreen(terminal) && from < firstRow()) markTaken(from)
    return false
  })

  let changesEarlierRows = false
  let hasMoved = false
  const onMove = () => {
    changesEarlierRows = hasMoved = true
    return false
  }
  for (const final of movingFinals) terminal.parser.registerCsiHandler({final}, onMove)
  for (const final of ['M', '8']) terminal.parser.registerEscHandler({final}, onMove)

  const textOf = (row: number) => lineAt(row)?.translateToString(true) ?? ''
  const keepText = (from: number, to: number) => {
    if (changesEarlierRows) return
    const first = Math.max(from, to - terminal.rows)
    takenText = [...takenText, ...Array.from({length: to - first}, (_, at) => textOf(first + at))].slice(-terminal.rows)
  }
  /** A taken row that the program has changed is new, with all rows below it. */
  const findChanged = () => {
    if (!hasMoved || isFullScreen(terminal)) return
    hasMoved = false
    const first = firstRow() - takenText.length
    const changed = takenText.findIndex(
      (text, at) => first + at >= terminal.buffer.normal.baseY && textOf(first + at) !== text,
    )
    takenText = []
    if (changed !== -1) markTaken(first + changed)
  }

  return {
    write(text, onRows) {
      for (let at = 0; at < text.length; at += pieceLength) terminal.write(text.slice(at, at + pieceLength), onRows)
      return new Promise((resolve) => terminal.write('', resolve))
    },
    takeLines(heldRows, maxLines) {
      findChanged()
      // Markers belong to the active screen.
      const limit = isFullScreen(terminal) ? 0 : endRow() - heldRows
      const ends = lineEnds(limit)
      const skipped = Math.max(0, ends.length - maxLines)
      const lines = linesTo(ends, skipped)
      const end = ends.at(-1)
      if (end !== undefined) {
        keepText(firstRow(), end)
        markTaken(end)
      }
      return {skipped, lines}
    },
    wholeLines() {
      findChanged()
      return linesTo(lineEnds(unfinishedRow()), 0)
    },
    get unfinishedRows() {
      return endRow() - unfinishedRow()
    },
    lastRows(count) {
      findChanged()
      const end = endRow()
      const from = Math.max(firstRow(), end - count)
      const rows = Array.from({length: Math.max(0, end - from)}, (_, at) => readRow(from + at))
      return {rows, first: takenRows + from - firstRow()}
    },
    dropRows(number) {
      const count = Math.min(number - takenRows, endRow() - firstRow())
      if (count <= 0 || isFullScreen(terminal)) return
      keepText(firstRow(), firstRow() + count)
      markTaken(firstRow() + count)
    },
    get changesEarlierRows() {
      return changesEarlierRows
    },
    get isFullScreen() {
      return isFullScreen(terminal)
    },
    resize({cols, rows: height}) {
      terminal.resize(cols, height)
      takenText = []
      keepText(Math.max(0, firstRow() - height), firstRow())
    },
    dispose: () => terminal.dispose(),
  }

  /** The row after each line that was not taken, up to a row. */
  function lineEnds(limit: number): number[] {
    const ends: number[] = []
    let row = firstRow()
    for (let end = endOfLine(row); row < limit && end !== undefined; end = endOfLine(row)) {
      ends.push(end)
      row = end
    }
    return ends

    /** `undefined` if the line may still grow. */
    function endOfLine(from: number): number | undefined {
      const last = Math.min(endRow(), from + maxRowsOfLine)
      let end = from + 1
      while (end < last && lineAt(end)?.isWrapped === true) end++
      return end <= limit || end === from + maxRowsOfLine ? end : undefined
    }
  }

  /** The first row of the line that the program is writing. */
  function unfinishedRow(): number {
    if (endRow() <= cursorRow()) return Math.max(firstRow(), endRow())
    let row = cursorRow()
    while (row > firstRow() && lineAt(row)?.isWrapped === true) row--
    return Math.max(firstRow(), row)
  }

  /** The lines that end before `ends`, without the first ones. */
  function linesTo(ends: readonly number[], skipped: number): string[] {
    return ends.slice(skipped).map((end, at) => joinRows(ends[skipped + at - 1] ?? firstRow(), end))
  }

  function readRow(row: number): string {
    const line = lineAt(row)
    return line === undefined ? '' : reader.read(line, true)
  }

  function joinRows(from: number, end: number): string {
    let text = ''
    for (let row = from; row < end; row++) {
      const line = lineAt(row)
      if (line !== undefined) text += reader.read(line, row === end - 1)
    }
    return text
  }
}

function isFullScreen({buffer}: Terminal): boolean {
  return buffer.active.type === 'alternate'
}

/** The row below the last one that has content. */
function endOfContent({buffer: {normal}, rows}: Terminal): number {
  const cursorRow = normal.baseY + normal.cursorY
  for (let row = normal.baseY + rows - 1; row > cursorRow; row--) {
    if ((normal.getLine(row)?.translateToString(true) ?? '') !== '') return row + 1
  }
  // A cursor at the start of an empty row does not make it a line.
  const isBegun = normal.cursorX > 0 || (normal.getLine(cursorRow)?.translateToString(true) ?? '') !== ''
  return isBegun ? cursorRow + 1 : cursorRow
}
