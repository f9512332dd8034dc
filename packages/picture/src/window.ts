import {cellsOfRow, isSameStyle, type Cell} from './cells.ts'
import {escapeMarkup} from './escape-markup.ts'
import {groundsOf, type Paint} from './paint.ts'
import type {PictureScreen, PictureStyle} from './screen.ts'

/**
 * All in pixels. A cell has the proportions of DejaVu Sans Mono, which Menlo shares and other monospaced fonts come near to, so that
 * lines of box-drawing characters meet. Heights are multiples of a row, so that a PNG can be drawn in bands of rows.
 */
export const cell = {width: 8.5, height: 16.5, size: 14.2, baseline: 13.2} as const
const margin = 2 * cell.width
/** Above and below the rows of the screen. */
export const frameRows = {above: 2, below: 1} as const

/** The size of the window of a screen, pixels. */
export function windowSize({cols, rows}: PictureScreen): {width: number; height: number} {
  return {
    width: round(cols * cell.width + 2 * margin),
    height: (frameRows.above + rows + frameRows.below) * cell.height,
  }
}

/** The frame of a window, without what the screen shows. */
export function drawFrame(screen: PictureScreen, top: number, paint: Paint): string {
  const {width, height} = windowSize(screen)
  return [
    `<rect x="0.5" y="${top + 0.5}" width="${width - 1}" height="${height - 1}" rx="8" fill="${paint.background}" stroke="${paint.frame}"/>`,
    ...[20, 36, 52].map((x) => `<circle cx="${x}" cy="${top + 16.5}" r="4.5" fill="${paint.frame}"/>`),
  ].join('\n')
}

/** One row of a window that begins at `top`; empty if it is blank. */
export function drawRow(screen: PictureScreen, row: number, top: number, paint: Paint): string {
  const rowTop = round(top + (frameRows.above + row) * cell.height)
  return toPieces(cellsOfRow(screen, row))
    .flatMap(({text, column, cells, style}) => {
      const left = round(margin + column * cell.width)
      const width = round(cells * cell.width)
      const grounds = groundsOf(style, paint)
      const parts: string[] = []
      if (grounds.background !== undefined) {
        parts.push(
          `<rect x="${left}" y="${rowTop}" width="${width}" height="${cell.height}" fill="${grounds.background}" shape-rendering="crispEdges"/>`,
        )
      }
      const hasLine = style.underline === true || style.strikethrough === true
      if ((text.trim() !== '' || hasLine) && style.invisible !== true) {
        // `textLength` makes all columns equally wide, whatever font the reader has.
        const place = `x="${left}" y="${round(rowTop + cell.baseline)}" textLength="${width}" lengthAdjust="spacingAndGlyphs"`
        parts.push(`<text ${place}${attributesOf(style, grounds.text)}>${escapeMarkup(text)}</text>`)
      }
      return parts
    })
    .join('\n')
}

interface Piece extends Cell {
  column: number
}

/** Joins neighbours of one style. Other characters than ASCII are joined only with the same one, as in a rule: fonts differ in their width. */
function toPieces(cells: readonly Cell[]): Piece[] {
  const pieces: (Piece & {isAscii: boolean})[] = []
  let column = 0
  for (const {text, cells: width, style} of cells) {
    const isAscii = /^[\u0020-\u007e]$/.test(text)
    const last = pieces.at(-1)
    const isSame = last !== undefined && !last.isAscii && last.text.endsWith(text)
    if (last !== undefined && ((last.isAscii && isAscii) || isSame) && isSameStyle(last.style, style)) {
      last.text += text
      last.cells += width
    } else {
      pieces.push({text, column, cells: width, style, isAscii})
    }
    column += width
  }
  return pieces
}

function attributesOf({bold, dim, italic, underline, strikethrough}: PictureStyle, color: string | undefined): string {
  const lines = [underline === true && 'underline', strikethrough === true && 'line-through'].filter(Boolean).join(' ')
  return [
    color !== undefined && ` fill="${color}"`,
    bold === true && ' font-weight="bold"',
    dim === true && ' opacity="0.6"',
    italic === true && ' font-style="italic"',
    lines !== '' && ` text-decoration="${lines}"`,
  ]
    .filter(Boolean)
    .join('')
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
