import type {IMarker, Terminal} from '@xterm/headless'

import type {ColorDepth} from '../screen/color-code.ts'
import {importTerminal} from '../screen/import-terminal.ts'
import {loadTerminal} from '../screen/load-terminal.ts'
import {trackLinks} from '../screen/link-tracker.ts'
import {createRowReader} from '../screen/read-row.ts'
import type {TerminalSize} from '../terminal-size.ts'
import {createLineReader} from './line-reader.ts'

/** Rows above the screen that the terminal keeps until they are taken. */
const keptRows = 4096

/** UTF-16 units written between two takes of rows: no more rows can leave the screen than the terminal keeps. */
const pieceLength = keptRows / 2

/** Cursor home, erase below. */
const eraseScreen = '\u001b[H\u001b[J'

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
  /** The last row up to the cursor, if the program has not ended it, as the text and its width in cells: a prompt, perhaps. */
  readonly unfinishedRow: UnfinishedRow | undefined
  /**
   * At most `count` last rows as they are now; `first` is the number of the first of them, for `dropRows`, and `left` how many rows
   * above it were not taken either.
   */
  lastRows(count: number): {rows: string[]; first: number; left: number}
  /** Rows before this number are shown already: they are not returned any more. */
  dropRows(number: number): void
  /**
   * The sequences that continue the output on a terminal whose cursor is in the row below the taken ones: the rows that were
   * not taken, the cursor and its attributes.
   */
  writeRest(): string
  /**
   * The reverse: the sequences that erase all but the taken rows, on a terminal that has the cursor where the program has
   * it. At most the last `heldRows` rows are erased; those above them count as taken.
   */
  eraseRest(heldRows: number): Promise<string>
  /** Continues on an empty screen: what comes now is not adjacent to the rows so far, which were taken. */
  clear(): Promise<void>
  /** The program has moved its cursor to earlier rows, as progress displays do, so that it may change them again. */
  readonly changesEarlierRows: boolean
  /**
   * The program has switched the arrow keys to application sequences, as pagers do: it addresses the rows of the screen, from its top
   * to its bottom.
   */
  readonly addressesRows: boolean
  /** The program has switched to the alternate screen. */
  readonly isFullScreen: boolean
  resize(size: TerminalSize): void
  dispose(): void
}

/**
 * A row that the program may be going on with, with SGR sequences; `columns`: the width in cells; `wrapped`: how many rows above
 * it belong to the same line.
 */
export interface UnfinishedRow {
  text: string
  columns: number
  wrapped: number
}

export interface OutputModelOptions {
  size: TerminalSize
  depth: ColorDepth
  /** A line feed alone starts a line: for output that no terminal made. */
  convertEol: boolean
  /** The program is about to clear the whole normal screen. */
  onClear?: () => void
}

/** Program output as its terminal shows it. */
export async function createOutputModel({size, depth, convertEol, onClear}: OutputModelOptions): Promise<OutputModel> {
  const terminal = await loadTerminal(size, {scrollback: keptRows, convertEol})
  const reader = createRowReader(terminal.buffer.normal, depth)
  const links = trackLinks(terminal)
  const {serialize} = await importTerminal()
  const serializer = new serialize.SerializeAddon()
  terminal.loadAddon(serializer)
  /** The first row that was not taken. A marker moves with its row when rows scroll or are rewrapped. */
  let taken: IMarker | undefined
  let takenRows = 0

  const firstRow = () => Math.max(0, taken?.line ?? 0)
  const {endRow, lineEnds, unfinishedRow, linesTo, readRow, textOf} = createLineReader({
    terminal,
    firstRow,
    readLine: (line, isEnd, row) => reader.read(line, isEnd, links.linksIn(row)),
  })
  const cursorRow = () => terminal.buffer.normal.baseY + terminal.buffer.normal.cursorY

  /** The text of the last taken rows that are still on the screen, until the program moves its cursor up. */
  let takenText: string[] = []
  const markTaken = (row: number) => {
    if (row < firstRow()) takenText = []
    takenRows += row - firstRow()
    taken?.dispose()
    taken = terminal.registerMarker(row - cursorRow())
  }
  /** The lowest row of the screen to which the program has fed lines: it may use the rows up to there, also without text. */
  let lowest = 0
  terminal.onLineFeed(() => (lowest = Math.max(lowest, terminal.buffer.normal.cursorY)))
  const noteClear = () => {
    if (isFullScreen(terminal)) return
    onClear?.()
    lowest = 0
    changesEarlierRows = hasMoved = false
  }
  terminal.parser.registerEscHandler({final: 'c'}, () => {
    noteClear()
    // The marker would keep its row in the new buffer.
    taken?.dispose()
    taken = undefined
    takenText = []
    return false
  })
  // Erased rows are replaced by new ones, which were not taken yet.
  terminal.parser.registerCsiHandler({final: 'J'}, ([what]) => {
    if (what === 2) noteClear()
    if (terminal.buffer.normal.cursorY === 0) lowest = 0
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

  const write: OutputModel['write'] = (text, onRows) => {
    for (let at = 0; at < text.length; at += pieceLength) terminal.write(text.slice(at, at + pieceLength), onRows)
    return new Promise((resolve) => terminal.write('', resolve))
  }

  return {
    write,
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
    get unfinishedRow() {
      const {normal} = terminal.buffer
      const row = cursorRow()
      const columns = normal.cursorX
      if (isFullScreen(terminal) || columns === 0 || row !== endRow() - 1 || row < firstRow()) return undefined
      const line = terminal.buffer.normal.getLine(row)
      const text = line === undefined ? undefined : reader.readStart(line, columns)
      return text === undefined ? undefined : {text, columns, wrapped: row - unfinishedRow()}
    },
    lastRows(count) {
      findChanged()
      const end = endRow()
      const from = Math.max(firstRow(), end - count)
      const rows = Array.from({length: Math.max(0, end - from)}, (_, at) => readRow(from + at))
      const left = from - firstRow()
      return {rows, first: takenRows + left, left}
    },
    dropRows(number) {
      const count = Math.min(number - takenRows, endRow() - firstRow())
      if (count <= 0 || isFullScreen(terminal)) return
      keepText(firstRow(), firstRow() + count)
      markTaken(firstRow() + count)
    },
    writeRest() {
      const {cursorX} = terminal.buffer.normal
      const last = Math.max(endRow() - 1, cursorRow(), firstRow(), terminal.buffer.normal.baseY + lowest)
      const rows = serializeRows(firstRow(), last)
      const up = last - cursorRow()
      // A cursor behind the last column cannot be moved there.
      return up === 0 && cursorX === terminal.cols ? rows : `${rows}\r${move(up, 'A')}${move(cursorX, 'C')}`
    },
    async eraseRest(heldRows) {
      const isCovered = isFullScreen(terminal)
      // Markers belong to the active screen. The cursor stays: what the program draws over the normal screen is not here.
      if (isCovered) await write(`\u001b[?47l`, () => {})
      const end = Math.max(endRow(), cursorRow())
      const first = Math.max(firstRow(), end - heldRows, terminal.buffer.normal.baseY)
      if (first > firstRow()) markTaken(first)
      takenText = []
      hasMoved = false
      const up = cursorRow() - first
      if (isCovered) await write(`\u001b[?47h`, () => {})
      return `\r${move(up, 'A')}${move(-up, 'B')}\u001b[J`
    },
    async clear() {
      const moves = {changesEarlierRows, hasMoved}
      await write(eraseScreen, () => {})
      // It was not the program.
      ;({changesEarlierRows, hasMoved} = moves)
    },
    get changesEarlierRows() {
      return changesEarlierRows
    },
    get addressesRows() {
      return terminal.modes.applicationCursorKeysMode
    },
    get isFullScreen() {
      return isFullScreen(terminal)
    },
    resize({cols, rows: height}) {
      if (cols !== terminal.cols) links.forget()
      terminal.resize(cols, height)
      lowest = Math.min(lowest, height - 1)
      takenText = []
      keepText(Math.max(0, firstRow() - height), firstRow())
    },
    dispose: () => terminal.dispose(),
  }

  /** The serializer leaves out last rows without text, one of which the cursor may be in, but never an only row. */
  function serializeRows(first: number, last: number): string {
    let lastText = last
    while (lastText > first && textOf(lastText) === '') lastText--
    const ends = [lastText, ...Array.from({length: last - lastText}, (_, at) => lastText + 1 + at)]
    return ends
      .map((end, at) => ({start: at === 0 ? first : end, end}))
      .map((range) => serializer.serialize({range, excludeModes: true, excludeAltBuffer: true}))
      .join('\u001b[m\r\n')
  }
}

/** A CSI sequence that moves the cursor, if there is anywhere to move. */
function move(count: number, final: string): string {
  return count > 0 ? `\u001b[${count}${final}` : ''
}

function isFullScreen({buffer}: Terminal): boolean {
  return buffer.active.type === 'alternate'
}
