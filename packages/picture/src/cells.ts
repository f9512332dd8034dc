import type {PictureScreen, PictureSpan, PictureStyle} from './screen.ts'

/** One character, with its combining marks. */
export interface Cell {
  text: string
  /** Columns. */
  cells: number
  style: PictureStyle
}

/** A program can put any number of combining marks on a character; more than these UTF-16 units are cut off. */
const maxUnits = 32

/** The cells of one row, at most as many as there are columns. The one under the cursor is drawn as inverse. */
export function cellsOfRow({lines, cols, cursor}: Omit<PictureScreen, 'rows'>, row: number): Cell[] {
  const cells: Cell[] = []
  let column = 0
  for (const span of lines[row]?.spans ?? []) {
    for (const cell of splitSpan(span)) {
      if (column + cell.cells > cols) return cells
      cells.push(cell)
      column += cell.cells
    }
  }
  if (cursor?.is_visible === true && cursor.row === row && cursor.col < cols) drawCursor(cells, cursor.col)
  return cells
}

/** Each character of a span. */
export function splitSpan({text, cells, ...style}: PictureSpan): Cell[] {
  const characters = Array.from(text)
  const each = cells / characters.length
  if (each === 1 || each === 2) return characters.map((character) => ({text: character, cells: each, style}))
  return [{text: characters.join('').slice(0, maxUnits), cells: Math.max(1, cells), style}]
}

function drawCursor(cells: Cell[], at: number): void {
  let column = 0
  for (const [index, cell] of cells.entries()) {
    column += cell.cells
    if (column <= at) continue
    cells[index] = {...cell, style: {...cell.style, inverse: cell.style.inverse !== true}}
    return
  }
  for (; column < at; column++) cells.push({text: ' ', cells: 1, style: {}})
  cells.push({text: ' ', cells: 1, style: {inverse: true}})
}

export function isSameStyle(one: PictureStyle, other: PictureStyle): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other)
}
