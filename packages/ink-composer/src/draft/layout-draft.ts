/* oxlint-disable no-control-regex -- control characters are what this file is about */
import stringWidth from 'string-width'

import {charactersOf} from './characters.ts'
import type {ShownDraft} from './shown-draft.ts'

/** A part of a row that is drawn in one style. */
export interface Run {
  text: string
  kind: 'text' | 'label' | 'cursor'
}

export interface LayoutOptions {
  /** The width in cells. */
  columns: number
  /** The width of the first row of the draft, in cells. @default columns */
  firstColumns?: number
  /** The maximum number of rows. */
  rows: number
  /** By how many cells the first row of a line is narrower, by where the line begins. @default 0 */
  narrower?: ReadonlyMap<number, number> | undefined
}

export interface DraftRows {
  rows: Run[][]
  isFromStart: boolean
  lineStarts: (number | undefined)[]
}

/**
 * The rows of a draft around its cursor, wrapped between characters by the widths that Ink uses. It reads only the text
 * that may fit, so the cost does not depend on the length of the draft. `isFromStart`: the first of them is the first row of
 * the draft. `lineStarts`: where in the text the lines begin that these rows begin. Pure.
 */
export function layoutDraft(draft: ShownDraft, options: LayoutOptions): DraftRows {
  const columns = Math.max(2, options.columns)
  const {from, cells} = cellsAround(draft, columns * options.rows)
  const widthOf = (start: number | undefined) => {
    if (start === 0) return options.firstColumns ?? columns
    return start === undefined ? columns : Math.max(2, columns - (options.narrower?.get(start) ?? 0))
  }
  const rows = breakRows(cells, from, widthOf)
  const cursorRow = rows.findIndex(({cells: row}) => row.some(({kind}) => kind === 'cursor'))
  const first = Math.min(Math.max(0, cursorRow - options.rows + 1), Math.max(0, rows.length - options.rows))
  const shown = rows.slice(first, first + options.rows)
  return {
    rows: shown.map(joinRuns),
    isFromStart: from === 0 && first === 0,
    lineStarts: shown.map(({start}) => start),
  }
}

interface Cell extends Run, Glyph {
  isLineEnd: boolean
  /** Where it ends in the text. */
  end: number
}

function cellsAround({text, cursor, labels}: ShownDraft, reach: number): {from: number; cells: Cell[]} {
  const from = Math.max(0, startBefore(text, cursor - reach))
  const to = Math.min(text.length, cursor + reach)
  const shown: Cell[] = []
  let at = from
  for (const character of charactersOf(text.slice(from, to))) {
    const isLabel = labels.some(({start, end}) => at >= start && at < end)
    const isLineEnd = character === '\n'
    if (at === cursor && isLineEnd) shown.push({text: ' ', width: 1, kind: 'cursor', isLineEnd: false, end: at})
    const kind = at === cursor && !isLineEnd ? 'cursor' : isLabel ? 'label' : 'text'
    shown.push({...(isLineEnd ? noGlyph : glyphOf(character)), kind, isLineEnd, end: at + character.length})
    at += character.length
  }
  if (cursor === text.length) shown.push({text: ' ', width: 1, kind: 'cursor', isLineEnd: false, end: cursor})
  return {from, cells: shown}
}

/** Rows of a line that is longer, in UTF-16 units, are wrapped from where reading starts, not from the start of the line. */
const longestLookBack = 4000

/** The start of the line at a place, if it is near; else the place itself, between characters. */
function startBefore(text: string, at: number): number {
  if (at <= 0) return 0
  const lineStart = text.lastIndexOf('\n', at) + 1
  if (at - lineStart < longestLookBack) return lineStart
  return isLowSurrogate(text, at) ? at + 1 : at
}

function isLowSurrogate(text: string, at: number): boolean {
  const unit = text.charCodeAt(at)
  return unit >= 0xdc00 && unit <= 0xdfff
}

/** The text that is drawn for a character, and its width in cells. */
interface Glyph {
  text: string
  width: number
}

const noGlyph: Glyph = {text: '', width: 0}
/** Cached for characters beyond ASCII: each key draws the same ones again. */
const glyphs = new Map<string, Glyph>()
const maxGlyphs = 1000

function glyphOf(character: string): Glyph {
  if (character.length === 1 && character >= ' ' && character <= '~') return {text: character, width: 1}
  const known = glyphs.get(character)
  if (known !== undefined) return known
  const text = visibleCharacter(character)
  const glyph = {text, width: stringWidth(text)}
  if (glyphs.size === maxGlyphs) glyphs.clear()
  glyphs.set(character, glyph)
  return glyph
}

interface Row {
  cells: Cell[]
  /** Where the line begins in the text, in its first row. */
  start: number | undefined
}

function breakRows(cells: readonly Cell[], from: number, widthOf: (start: number | undefined) => number): Row[] {
  const rows: Row[] = [{cells: [], start: from}]
  let width = 0
  for (const cell of cells) {
    if (cell.isLineEnd || width + cell.width > widthOf(rows.at(-1)?.start)) {
      rows.push({cells: [], start: cell.isLineEnd ? cell.end : undefined})
      width = 0
    }
    if (cell.isLineEnd) continue
    rows.at(-1)?.cells.push(cell)
    width += cell.width
  }
  return rows
}

function joinRuns({cells}: Row): Run[] {
  const runs: Run[] = []
  for (const {text, kind} of cells) {
    const last = runs.at(-1)
    if (last?.kind === kind) last.text += text
    else runs.push({text, kind})
  }
  return runs
}

/** Control characters as control pictures, a tab as blanks, zero-width characters as U+FFFD: the cursor can be on each. */
function visibleCharacter(character: string): string {
  if (character === '\t') return '    '
  if (/^[\u0000-\u001f]/.test(character)) return String.fromCodePoint(0x2400 + character.charCodeAt(0))
  if (character === '\u007f') return '\u2421'
  if (/^[\u0080-\u009f]/.test(character) || stringWidth(character) === 0) return '\ufffd'
  return character
}
