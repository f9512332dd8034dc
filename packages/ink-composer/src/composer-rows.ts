import {styleText} from 'node:util'

import stringWidth from 'string-width'
import {toPlainLine} from '@holdfast/terminal'
import {wrapRows} from '@holdfast/terminal/rows'

import {fitKeys} from './overlays/fit-keys.ts'
import {fitEnd, fitLine} from './overlays/fit-line.ts'
import type {ComposerView} from './composer.ts'
import {layoutDraft, type Run} from './draft/layout-draft.ts'
import type {OverlayRow} from './overlays/overlay.ts'
import {maskDraft, showDraft} from './draft/shown-draft.ts'
import type {LineTarget} from './program/line-target.ts'

export interface RowsSize {
  /** The width in cells. Rows of a draft are wrapped to it; rows of an overlay are not. */
  columns: number
  /** The maximum number of rows. */
  rows: number
}

/** Before the first row. */
const program = styleText('yellow', '»') + ' '
const signs: Readonly<Record<LineTarget, string>> = {
  prompt: styleText('cyan', '❯') + ' ',
  program,
  key: program,
  hidden: program,
}
/** Before each further line of a prompt whose `$PS2` is not known. */
const continuation = styleText('cyan', '…') + ' '
const indent = '  '

/** The prompt of a program or a shell: what it has written before the cursor, with SGR sequences, and the width of that in cells. */
export interface ProgramPrompt {
  text: string
  columns: number
}

/**
 * The rows of the draft around its cursor, with SGR sequences. The line begins with the prompt of the program or the shell, if
 * one is given. Pure.
 */
export function draftRows(
  {draft, target, suggestion, continuations}: ComposerView,
  {columns, rows}: RowsSize,
  prompt: ProgramPrompt = {text: '', columns: 0},
): string[] {
  const shown = showDraft(draft, suggestion)
  const width = columns - indent.length
  // The prompt of a shell stands in the place of the sign.
  const sign = target === 'prompt' && prompt.text !== '' ? '' : signs[target]
  const {
    rows: runsOfRows,
    isFromStart,
    lineStarts,
  } = layoutDraft(target === 'hidden' ? maskDraft(shown) : shown, {
    columns: width,
    firstColumns: width - prompt.columns + (sign === '' ? indent.length : 0),
    rows,
    narrower:
      continuations && new Map(Array.from(continuations, ([at, text]) => [at, stringWidth(text) - indent.length])),
  })
  const start = isFromStart ? sign + prompt.text : signs[target]
  const signOf = (index: number) => {
    const at = lineStarts[index]
    if (at === undefined || target !== 'prompt') return indent
    const known = continuations?.get(at)
    return known === undefined ? continuation : styleText('cyan', plain(known))
  }
  return runsOfRows.map((runs, index) => (index === 0 ? start : signOf(index)) + runs.map(drawRun).join(''))
}

function drawRun({text, kind}: Run): string {
  if (kind === 'text') return text
  // The cursor is drawn even where the environment disables colours.
  return kind === 'label' ? styleText('dim', text) : styleText('inverse', text, {validateStream: false})
}

/** The rows of the open overlay around its selected row, or the hint. Pure. */
export function overlayRows({overlay, hint}: ComposerView, {columns, rows}: RowsSize): string[] {
  const drawKeys = (keys: string) => styleText('dim', indent + fitKeys(keys, columns - indent.length))
  if (overlay === undefined) return hint === undefined || rows === 0 ? [] : [drawKeys(hint)]
  const {title, footer, selected} = overlay
  const titleRows = title === undefined ? [] : wrapRows(plain(title), columns)
  const room = Math.max(1, rows - titleRows.length - (footer === undefined ? 0 : 1))
  const first = Math.max(0, Math.min((selected ?? 0) - Math.floor(room / 2), overlay.rows.length - room))
  const shown = overlay.rows.slice(first, first + room)
  const hidden = overlay.rows.length - shown.length
  return [
    ...titleRows.map((row) => styleText('bold', row)),
    ...drawRows(shown, selected === undefined ? undefined : selected - first, columns - indent.length),
    ...(footer === undefined ? [] : [drawKeys(`${hidden === 0 ? '' : `${hidden} more · `}${footer}`)]),
  ].slice(0, rows)
}

/** Of rows that are too long, the text gets at least this share of the width, and the hint the rest. */
const textShare = 0.6
const gap = '  '
/** With less room for it, cells, a detail is left out. */
const leastDetail = 8

function drawRows(rows: readonly OverlayRow[], selected: number | undefined, columns: number): string[] {
  const lines = rows.map(({text, hint, detail, focus}) => ({
    line: plain(text),
    hint: hint === undefined ? undefined : plain(hint),
    detail: detail === undefined ? '' : plain(detail),
    focus,
  }))
  const hintWidth = widest(lines.map(({hint}) => hint && gap + hint))
  const detailWidth = widest(lines.map(({detail}) => detail && gap + detail))
  const textFor = (beside: number) =>
    Math.min(Math.max(columns - beside, Math.floor(columns * textShare)), widest(lines.map(({line}) => line)))
  const roomForDetail = columns - hintWidth - textFor(hintWidth + detailWidth)
  const hasDetail = roomForDetail >= Math.min(detailWidth, gap.length + leastDetail)
  const textWidth = textFor(hasDetail ? hintWidth + detailWidth : hintWidth)
  const pad = (text: string, width: number) => text + ' '.repeat(Math.max(0, width - stringWidth(text)))
  return lines.map(({line, hint, detail, focus}, index) => {
    const cut = hint === undefined ? line : fitLine(line, textWidth, focus)
    const behind = hasDetail && detail !== '' ? gap + fitEnd(detail, roomForDetail - gap.length) : ''
    const beside = hint === undefined ? '' : pad(gap + hint, behind === '' ? 0 : hintWidth) + behind
    const row = indent + (beside === '' ? cut : pad(cut, textWidth)) + beside
    return index === selected ? styleText('inverse', row, {validateStream: false}) : row
  })
}

function widest(texts: readonly (string | undefined)[]): number {
  return Math.max(0, ...texts.map((text) => stringWidth(text ?? '')))
}

/** Untrusted text is cut to this length, UTF-16 units. */
const longestText = 1000

function plain(text: string): string {
  return toPlainLine(text.slice(0, longestText))
}
