import type {Tokens} from 'marked'

import {plain} from '../style.ts'
import {inlineSpans, type InlineOptions} from './draw-inline.ts'
import {drawSpans, lineBreak, spansWidth, wrapSpans, type Span} from './spans.ts'

type Cell = readonly (Span | typeof lineBreak)[]

const separator = ' │ '

/** A column gets at least this many cells, or its whole text; with less, the rows of the table are drawn one below the other. */
const minColumnWidth = 8

/** The widths of the columns of a table that is drawn in parts; `undefined`: its rows are drawn one below the other. */
export interface TableWidths {
  widths: readonly number[] | undefined
}

export interface TableOptions extends InlineOptions {
  columns: number
  table: TableWidths
}

/**
 * A table in as many columns as it needs, at most `columns`. In a narrow terminal, each row becomes lines of `name: value`.
 * `isRest`: only its rows, in the widths of the last table.
 */
export function drawTable(token: Tokens.Table, isRest: boolean, options: TableOptions): string[] {
  const {style, columns} = options
  const strong = style.strong === undefined ? [] : [style.strong]
  const cellOf = ({tokens}: Tokens.TableCell): Cell => inlineSpans(tokens, options)
  const header = token.header.map((cell) => cellOf(cell).map((span) => withStyles(span, strong)))
  const rows = token.rows.map((row) => row.map(cellOf))
  const natural = header.map((cell, at) => Math.max(1, ...[cell, ...rows.map((row) => row[at] ?? [])].map(cellWidth)))
  if (!isRest) options.table.widths = fitWidths(natural, columns - separator.length * (header.length - 1))
  const {widths} = options.table
  if (widths === undefined) return [...(isRest ? [''] : []), ...drawRecords(header, rows, columns)]

  const rule = style.rule ?? plain
  const drawRow = (cells: readonly Cell[]): string[] => {
    const wrapped = widths.map((width, at) => wrapSpans(cells[at] ?? [], width))
    const height = Math.max(...wrapped.map(({length}) => length))
    return Array.from({length: height}, (_, line) =>
      widths
        .map((width, at) => align(wrapped[at]?.[line] ?? [], width, token.align[at] ?? 'left'))
        .join(rule(separator))
        .trimEnd(),
    )
  }
  const line = rule(widths.map((width) => '─'.repeat(width)).join('─┼─'))
  return [...(isRest ? [] : [...drawRow(header), line]), ...rows.flatMap(drawRow)]
}

/** The widths of the columns, the widest made narrower until all fit; `undefined` if they would be too narrow. Pure. */
function fitWidths(natural: readonly number[], room: number): number[] | undefined {
  const total = natural.reduce((sum, width) => sum + width, 0)
  if (total <= room) return [...natural]
  if (natural.reduce((sum, width) => sum + Math.min(width, minColumnWidth), 0) > room) return undefined
  // All columns that are wider than the limit get the limit.
  let [low, high] = [minColumnWidth, Math.max(...natural)]
  const sumAt = (limit: number) => natural.reduce((sum, width) => sum + Math.min(width, limit), 0)
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (sumAt(middle) <= room) low = middle
    else high = middle - 1
  }
  let rest = room - sumAt(low)
  return natural.map((width) => (width > low && rest-- > 0 ? low + 1 : Math.min(width, low)))
}

function drawRecords(header: readonly Cell[], rows: readonly (readonly Cell[])[], columns: number): string[] {
  return rows.flatMap((row, index) => [
    ...(index === 0 ? [] : ['']),
    ...header.flatMap((name, at) =>
      wrapSpans([...name, {text: ': ', styles: []}, ...(row[at] ?? [])], columns).map(drawSpans),
    ),
  ])
}

function withStyles(span: Span | typeof lineBreak, styles: Span['styles']): Span | typeof lineBreak {
  return span === lineBreak || styles.length === 0 ? span : {...span, styles: [...span.styles, ...styles]}
}

function cellWidth(cell: Cell): number {
  return Math.max(0, ...wrapSpans(cell, Infinity).map(spansWidth))
}

function align(spans: readonly Span[], width: number, side: 'left' | 'right' | 'center'): string {
  const room = Math.max(0, width - spansWidth(spans))
  const before = side === 'left' ? 0 : side === 'right' ? room : Math.floor(room / 2)
  return ' '.repeat(before) + drawSpans(spans) + ' '.repeat(room - before)
}
