import type {IBuffer, IBufferCell} from '@xterm/headless'

/** One of the 256 indexed colours, or `#rrggbb`; missing: the terminal's default. */
export type Colour = number | `#${string}`

export interface Style {
  foreground?: Colour
  background?: Colour
  bold?: true
  dim?: true
  italic?: true
  underline?: true
  strikethrough?: true
}

/** A character on the screen, one or two columns wide. */
export interface Cell {
  text: string
  width: number
  style: Style
}

/** The visible rows of a screen down to the last one with text; each without the spaces at its end. */
export function readCells(buffer: IBuffer, rowCount: number): Cell[][] {
  const rows = Array.from({length: rowCount}, (_, row) => readRow(buffer, buffer.baseY + row))
  return rows.slice(0, rows.findLastIndex((row) => row.length > 0) + 1)
}

function readRow(buffer: IBuffer, row: number): Cell[] {
  const line = buffer.getLine(row)
  const cells: Cell[] = []
  for (let column = 0; column < (line?.length ?? 0);) {
    const cell = line!.getCell(column)!
    cells.push({text: cell.getChars() || ' ', width: cell.getWidth(), style: styleOf(cell)})
    column += Math.max(1, cell.getWidth())
  }
  return cells.slice(0, cells.findLastIndex(({text, style}) => text !== ' ' || style.background !== undefined) + 1)
}

/** Stand for the other default colour in an inverse cell; beyond the 256 indexed colours. */
export const inverseDefault = {foreground: 256, background: 257} as const

function styleOf(cell: IBufferCell): Style {
  const foreground = cell.isFgDefault() ? undefined : toColour(cell.isFgRGB(), cell.getFgColor())
  const background = cell.isBgDefault() ? undefined : toColour(cell.isBgRGB(), cell.getBgColor())
  const [front, back] = cell.isInverse()
    ? [background ?? inverseDefault.foreground, foreground ?? inverseDefault.background]
    : [foreground, background]
  return {
    ...(front !== undefined && {foreground: front}),
    ...(back !== undefined && {background: back}),
    ...(cell.isBold() && {bold: true}),
    ...(cell.isDim() && {dim: true}),
    ...(cell.isItalic() && {italic: true}),
    ...(cell.isUnderline() && {underline: true}),
    ...(cell.isStrikethrough() && {strikethrough: true}),
  }
}

function toColour(isRgb: boolean, value: number): Colour {
  return isRgb ? `#${value.toString(16).padStart(6, '0')}` : value
}
