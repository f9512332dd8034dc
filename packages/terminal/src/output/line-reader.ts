import type {IBufferLine, Terminal} from '@xterm/headless'

/** Reads lines of the normal screen, and rows. A line that is wrapped has several rows. */
export interface LineReader {
  /** The row below the last one that has content. */
  endRow(): number
  /** The row after each line that was not taken, up to a row. */
  lineEnds(limit: number): number[]
  /** The first row of the line that the program is writing. */
  unfinishedRow(): number
  /** The lines that end before `ends`, without the first `skipped` ones. */
  linesTo(ends: readonly number[], skipped: number): string[]
  readRow(row: number): string
  /** Without colours and links. */
  textOf(row: number): string
}

export interface LineReaderOptions {
  terminal: Terminal
  /** The first row that was not taken. */
  firstRow: () => number
  /** `isEnd`: the line ends with this row. */
  readLine: (line: IBufferLine, isEnd: boolean, row: number) => string
}

/** A line of more rows is cut, so that an endless line takes bounded memory. */
const maxRowsOfLine = 512

export function createLineReader({terminal, firstRow, readLine}: LineReaderOptions): LineReader {
  // A full reset replaces the buffer.
  const normal = () => terminal.buffer.normal
  const lineAt = (row: number): IBufferLine | undefined => normal().getLine(row)
  const textOf = (row: number) => lineAt(row)?.translateToString(true) ?? ''
  const cursorRow = () => normal().baseY + normal().cursorY
  const endRow = () => {
    for (let row = normal().baseY + terminal.rows - 1; row > cursorRow(); row--) if (textOf(row) !== '') return row + 1
    // A cursor at the start of an empty row does not make it a line.
    return normal().cursorX > 0 || textOf(cursorRow()) !== '' ? cursorRow() + 1 : cursorRow()
  }

  return {endRow, lineEnds, unfinishedRow, linesTo, readRow, textOf}

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

  function unfinishedRow(): number {
    if (endRow() <= cursorRow()) return Math.max(firstRow(), endRow())
    let row = cursorRow()
    while (row > firstRow() && lineAt(row)?.isWrapped === true) row--
    return Math.max(firstRow(), row)
  }

  function linesTo(ends: readonly number[], skipped: number): string[] {
    return ends.slice(skipped).map((end, at) => joinRows(ends[skipped + at - 1] ?? firstRow(), end))
  }

  function readRow(row: number): string {
    const line = lineAt(row)
    return line === undefined ? '' : readLine(line, true, row)
  }

  function joinRows(from: number, end: number): string {
    let text = ''
    for (let row = from; row < end; row++) {
      const line = lineAt(row)
      if (line !== undefined) text += readLine(line, row === end - 1, row)
    }
    return text
  }
}
