import type {IBuffer, IBufferCell} from '@xterm/headless'

/** One of the 256 colours, or a colour of its own as `#rrggbb`; missing: the terminal's default. */
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

/** What stands in a place of the screen: a character as a person sees characters, one or two places wide. */
export interface Cell {
  text: string
  width: number
  style: Style
}

/** The rows of a screen from the first one that is visible to the last one that is not empty; each without spaces at its end. */
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

/** What an inverse cell has for a default colour is the other default colour. */
export const inverseDefault = {foreground: 256, background: 257} as const

function styleOf(cell: IBufferCell): Style {
  const foreground = cell.isFgDefault() ? undefined : colour(cell.isFgRGB(), cell.getFgColor())
  const background = cell.isBgDefault() ? undefined : colour(cell.isBgRGB(), cell.getBgColor())
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

function colour(isRgb: boolean, value: number): Colour {
  return isRgb ? `#${value.toString(16).padStart(6, '0')}` : value
}
