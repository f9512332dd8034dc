import type {IBuffer, IBufferCell, IBufferLine} from '@xterm/headless'

import {leftOutCharacters} from '../plain/left-out-characters.ts'
import {cellStyle, type ColorDepth} from './cell-style.ts'

/** Reads rows of a terminal as text that has no control sequences but SGR. */
export interface RowReader {
  /** `isWhole`: the line ends with this row, so blanks at its end are left out. Attributes are reset at the end. */
  read(line: IBufferLine, isWhole: boolean): string
}

const leftOut = new RegExp(`[${leftOutCharacters}]`, 'g')

export function createRowReader(buffer: IBuffer, depth: ColorDepth): RowReader {
  const cell = buffer.getNullCell()
  return {
    read(line, isWhole) {
      const end = isWhole ? lengthOf(line, cell) : line.length
      let text = ''
      let style = ''
      for (let x = 0; x < end; x++) {
        line.getCell(x, cell)
        // The second cell of a wide character.
        if (cell.getWidth() === 0) continue
        const next = cellStyle(cell, depth)
        if (next !== style) text += next === '' || style === '' ? `\u001b[${next}m` : `\u001b[0;${next}m`
        style = next
        text += cell.getChars().replace(leftOut, '') || ' '
      }
      return style === '' ? text : `${text}\u001b[0m`
    },
  }
}

/** Cells up to the last visible one. */
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
