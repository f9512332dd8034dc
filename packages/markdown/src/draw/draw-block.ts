import {Lexer, type MarkedToken, type Token} from 'marked'

import type {Block} from '../blocks/block.ts'
import {signOf} from '../blocks/line-kinds.ts'
import {plain, type MarkdownStyle} from '../style.ts'
import type {CodeSpan} from '../highlight/highlighter.ts'
import {inlineSpans, type InlineOptions} from './draw-inline.ts'
import {drawTable, type TableWidths} from './draw-table.ts'
import {plainText} from './plain-text.ts'
import {drawSpans, lineBreak, widthOf, wrapSpans, type Span} from './spans.ts'

export interface DrawOptions extends InlineOptions {
  columns: number
  /** A line feed in a paragraph ends the row. */
  breaks: boolean
  /** The widths of the last table, which the rest of it has, too. */
  table: TableWidths
}

/** A thematic break is not wider. */
const maxRuleWidth = 40
/** Text is never narrower than this, columns: a deep list in a narrow terminal is cut at its right. */
const minColumns = 8
const codeIndent = '  '

/** The rows of a paragraph, a heading, a quote or a table. */
export function drawText(block: Block & {kind: 'text'}, options: DrawOptions): string[] {
  const columns = Math.max(minColumns, options.columns - block.indent)
  const rows = drawSource(block, {...options, columns})
  return placeRows(rows.length === 0 ? [''] : rows, block, options.style)
}

/** A line of code. It is not wrapped, so that it can be copied; `maxColumns`: it is. */
export function drawCode(
  block: Block & {kind: 'code'},
  spans: readonly CodeSpan[],
  style: MarkdownStyle,
  maxColumns = Infinity,
): string[] {
  const columns = Math.max(minColumns, maxColumns - block.indent - codeIndent.length)
  const drawn = spans.map(({text, part}): Span => {
    const own = (part === undefined ? undefined : style[part]) ?? style.codeBlock
    return {text, styles: own === undefined ? [] : [own], isExact: true}
  })
  const rows = maxColumns === Infinity ? [drawSpans(drawn)] : breakSpans(drawn, columns)
  return placeRows(
    rows.map((row) => (row === '' ? '' : codeIndent + row)),
    block,
    style,
  )
}

function breakSpans(spans: readonly Span[], columns: number): string[] {
  const width = spans.reduce((sum, {text}) => sum + widthOf(text), 0)
  if (width <= columns) return [drawSpans(spans)]
  // A blank is no place to break code: a character of the same width stands for it.
  const solid = spans.map((span) => ({...span, text: span.text.replaceAll(' ', '\u00a0')}))
  return wrapSpans(solid, columns).map((row) => drawSpans(row).replaceAll('\u00a0', ' '))
}

function placeRows(
  rows: readonly string[],
  {hasGap, markers, indent}: Block,
  {marker = plain}: MarkdownStyle,
): string[] {
  const blanks = ' '.repeat(indent)
  const first = markers.trim() === '' ? blanks : marker(markers)
  return [
    ...(hasGap ? [''] : []),
    ...rows.map((row, at) => {
      if (at === 0) return row === '' ? first.trimEnd() : first + row
      return row === '' ? '' : blanks + row
    }),
  ]
}

function drawSource({source, isRest, isInline}: Block & {kind: 'text'}, options: DrawOptions): string[] {
  if (source === '') return []
  const parsing = {gfm: true, breaks: options.breaks}
  try {
    if (isInline)
      return wrapSpans(inlineSpans(Lexer.lexInline(source, parsing), options), options.columns).map(drawSpans)
    return drawTokens(new Lexer(parsing).lex(source), options, isRest)
  } catch {
    // The parser is recursive: a text that is made to exhaust the stack is shown as it is.
    return drawPlain(source, options.columns)
  }
}

function drawPlain(text: string, columns: number): string[] {
  return text.split('\n').flatMap((line) => {
    const indent = ' '.repeat(Math.min(line.search(/\S|$/), Math.floor(columns / 2)))
    return wrapSpans([{text: line, styles: []}], columns - indent.length).map((row) => indent + drawSpans(row))
  })
}

/** Blocks with a blank row between them. */
function drawTokens(tokens: readonly Token[], options: DrawOptions, isRest = false): string[] {
  return (tokens as readonly MarkedToken[])
    .filter(({type}) => type !== 'space')
    .flatMap((token, at) => [...(at === 0 ? [] : ['']), ...drawToken(token, options, isRest && at === 0)])
}

function drawToken(token: MarkedToken, options: DrawOptions, isRest: boolean): string[] {
  const {columns, style} = options
  const wrap = (spans: readonly (Span | typeof lineBreak)[]) => wrapSpans(spans, columns).map(drawSpans)
  switch (token.type) {
    case 'heading': {
      const {heading: draw} = style
      if (draw === undefined)
        return wrap([{text: `${'#'.repeat(token.depth)} `, styles: []}, ...inlineSpans(token.tokens, options)])
      const heading = (text: string) => draw(text, token.depth)
      return wrap(
        inlineSpans(token.tokens, options).map((span) =>
          span === lineBreak ? span : {...span, styles: [...span.styles, heading]},
        ),
      )
    }
    case 'paragraph':
    case 'text':
      return wrap(inlineSpans(token.tokens ?? [token], options))
    case 'blockquote': {
      const bar = (style.quote ?? plain)('│ ')
      const inner = {...options, columns: Math.max(minColumns, columns - 2)}
      return drawTokens(token.tokens, inner).map((row) => (row === '' ? bar.trimEnd() : bar + row))
    }
    case 'list':
      return token.items.flatMap((item, at) => {
        const mark = token.ordered ? `${(token.start || 0) + at}. ` : `${signOf(item.checked)} `
        const inner = {...options, columns: Math.max(minColumns, columns - mark.length)}
        const rows = item.tokens
          .filter(({type}) => type !== 'checkbox' && type !== 'space')
          .flatMap((child) => drawToken(child as MarkedToken, inner, false))
        return rows.map((row, line) => (line === 0 ? (style.marker ?? plain)(mark) : ' '.repeat(mark.length)) + row)
      })
    case 'table':
      return drawTable(token, isRest, options)
    case 'code': {
      // Of a quote: it is not highlighted.
      const styles = style.codeBlock === undefined ? [] : [style.codeBlock]
      const lines = token.text.split('\n')
      return lines.flatMap((text) => breakSpans([{text: codeIndent + text, styles}], columns))
    }
    case 'hr':
      return [(style.rule ?? plain)('─'.repeat(Math.min(columns, maxRuleWidth)))]
    default:
      return drawPlain(plainText(token.raw.trimEnd()), columns)
  }
}
