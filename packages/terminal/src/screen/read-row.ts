/* oxlint-disable no-control-regex -- control characters are what this file keeps out */
import type {IBuffer, IBufferCell, IBufferLine} from '@xterm/headless'

import {cellStyle, type ColorDepth} from './cell-style.ts'

/** Reads rows of a terminal as text whose only control sequences are colours. */
export interface RowReader {
  /** `isWhole`: nothing follows in the next row, so that blanks at the end mean nothing. Colours end with the row. */
  read(line: IBufferLine, isWhole: boolean): string
}

const controls = /[\u0000-\u001f\u007f-\u009f]/g

export function createRowReader(buffer: IBuffer, depth: ColorDepth): RowReader {
  const cell = buffer.getNullCell()
  return {
    read(line, isWhole) {
      const end = isWhole ? lengthOf(line, cell) : line.length
      let text = ''
      let style = ''
      for (let x = 0; x < end; x++) {
        line.getCell(x, cell)
        // The second half of a wide character.
        if (cell.getWidth() === 0) continue
        const next = cellStyle(cell, depth)
        if (next !== style) text += next === '' || style === '' ? `\u001b[${next}m` : `\u001b[0;${next}m`
        style = next
        // The model makes no cell of a control character; that none comes out is not left to it.
        text += (cell.getChars() || ' ').replace(controls, '')
      }
      return style === '' ? text : `${text}\u001b[0m`
    },
  }
}

/** Cells up to the last one that can be seen. */
function lengthOf(line: IBufferLine, cell: IBufferCell): number {
  for (let x = line.length - 1; x >= 0; x--) {
    line.getCell(x, cell)
    const isBlank = cell.getChars().trim() === '' && cell.getWidth() !== 0
    if (!isBlank || !cell.isBgDefault() || cell.isInverse() || cell.isUnderline()) {
      return x + Math.max(1, cell.getWidth())
    }
  }
  return 0
}
