import type {IBuffer} from '@xterm/headless'

import {splitSpan, type Cell} from '../../packages/picture/src/cells.ts'
import {readSpans} from '../../packages/terminal/src/screen/take-snapshot.ts'

/** The visible rows of a screen down to the last one with text. */
export function readCells(buffer: IBuffer, rowCount: number): Cell[][] {
  const cell = buffer.getNullCell()
  const rows = Array.from({length: rowCount}, (_, row) => {
    const line = buffer.getLine(buffer.baseY + row)
    return line === undefined ? [] : readSpans(line, cell).flatMap(splitSpan)
  })
  return rows.slice(0, rows.findLastIndex((row) => row.length > 0) + 1)
}
