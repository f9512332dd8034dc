import type {IBuffer, IBufferCell, IBufferLine} from '@xterm/headless'

import {leftOutCharacters} from '../plain/left-out-characters.ts'
import {cellStyle} from './cell-style.ts'
import type {ColorDepth} from './color-code.ts'
import {linkEnd, type LinkSpan} from './link-tracker.ts'

/** Reads rows of a terminal as text that has no control sequences but SGR and links (OSC 8). */
export interface RowReader {
  /** `isWhole`: the line ends with this row, so blanks at its end are left out. Attributes and links are ended at the end. */
  read(line: IBufferLine, isWhole: boolean, links?: readonly LinkSpan[]): string
  /** Its first cells. `undefined` if there is something visible behind them. */
  readStart(line: IBufferLine, columns: number): string | undefined
}

const leftOut = new RegExp(`[${leftOutCharacters}]`, 'g')

export function createRowReader(buffer: IBuffer, depth: ColorDepth): RowReader {
  const cell = buffer.getNullCell()
  const readTo = (line: IBufferLine, end: number, links: readonly LinkSpan[] = []) => {
    let text = ''
    let style = ''
    let [link] = links
    let rest = links.slice(1)
    for (let x = 0; x < end; x++) {
      line.getCell(x, cell)
      // The second cell of a wide character.
      if (cell.getWidth() === 0) continue
      if (link?.to === x) {
        text += linkEnd
        ;[link, ...rest] = rest
      }
      if (link?.from === x) text += link.begin
      const next = cellStyle(cell, depth)
      if (next !== style) text += next === '' || style === '' ? `\u001b[${next}m` : `\u001b[0;${next}m`
      style = next
      text += cell.getChars().replace(leftOut, '') || ' '
    }
    if (link !== undefined && link.from < end) text += linkEnd
    return style === '' ? text : `${text}\u001b[0m`
  }
  return {
    read: (line, isWhole, links) => readTo(line, isWhole ? lengthOf(line, cell) : line.length, links),
    readStart: (line, columns) => (lengthOf(line, cell) > columns ? undefined : readTo(line, columns)),
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
