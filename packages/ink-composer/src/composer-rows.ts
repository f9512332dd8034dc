import {styleText} from 'node:util'

import stringWidth from 'string-width'
import {toPlainLine} from '@holdfast/terminal'
import {wrapRows} from '@holdfast/terminal/rows'

import {fitKeys} from './overlays/fit-keys.ts'
import {fitEnd, fitLine} from './overlays/fit-line.ts'
import type {ComposerView} from './composer.ts'
import {layoutDraft, type Run} from './draft/layout-draft.ts'
import type {OverlayRow, OverlayRun, OverlayToken} from './overlays/overlay.ts'
import {maskDraft, showDraft} from './draft/shown-draft.ts'

export interface RowsSize {
  /** The width in cells. Rows of a draft are wrapped to it; rows of an overlay are not. */
  columns: number
  /** The maximum number of rows. */
  rows: number
}

/** What the rows of a composer are drawn from. */
export type ComposerToken = OverlayToken | 'selection' | 'warning'

/** Draws a text of one line with SGR sequences. */
export type ComposerPaint = (token: ComposerToken, text: string) => string

const styles = {
  accent: 'cyan',
  badge: 'inverse',
  error: 'red',
  muted: 'dim',
  selection: 'inverse',
  strong: 'bold',
  warning: 'yellow',
} as const

/** The named colours of the terminal, and none if the environment disables them; the selected row is always marked. */
export const defaultPaint: ComposerPaint = (token, text) =>
  styleText(styles[token], text, {validateStream: token !== 'selection' && token !== 'badge'})

/** Before each further line of a prompt whose `$PS2` is not known. */
const continuation = '… '
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
  paint: ComposerPaint = defaultPaint,
): string[] {
  const shown = showDraft(draft, suggestion)
  const width = columns - indent.length
  // The prompt of a shell stands in the place of the sign.
  const ownSign = target === 'prompt' ? paint('accent', '❯') + ' ' : paint('warning', '»') + ' '
  const sign = target === 'prompt' && prompt.text !== '' ? '' : ownSign
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
  const start = isFromStart ? sign + prompt.text : ownSign
  const signOf = (index: number) => {
    const at = lineStarts[index]
    if (at === undefined || target !== 'prompt') return indent
    const known = continuations?.get(at)
    return paint('accent', known === undefined ? continuation : plain(known))
  }
  return runsOfRows.map(
    (runs, index) => (index === 0 ? start : signOf(index)) + runs.map((run) => drawRun(run, paint)).join(''),
  )
}

function drawRun({text, kind}: Run, paint: ComposerPaint): string {
  if (kind === 'text') return text
  // The cursor is drawn even where the environment disables colours.
  return kind === 'label' ? paint('muted', text) : styleText('inverse', text, {validateStream: false})
}

/** A line of keys, as far as it fits. Pure. */
export function hintRow(keys: string, columns: number, paint: ComposerPaint = defaultPaint): string {
  return paint('muted', indent + fitKeys(keys, columns - indent.length))
}

/** The rows of the open overlay around its selected row. Pure. */
export function overlayRows(
  {overlay}: Pick<ComposerView, 'overlay'>,
  {columns, rows}: RowsSize,
  paint: ComposerPaint = defaultPaint,
): string[] {
  if (overlay === undefined) return []
  const {title, footer, selected} = overlay
  const titleRows = title === undefined ? [] : wrapRows(plain(title), columns)
  const room = Math.max(1, rows - titleRows.length - (footer === undefined ? 0 : 1))
  const first = Math.max(0, Math.min((selected ?? 0) - Math.floor(room / 2), overlay.rows.length - room))
  const shown = overlay.rows.slice(first, first + room)
  const hidden = overlay.rows.length - shown.length
  return [
    ...titleRows.map((row) => paint('strong', row)),
    ...drawRows(shown, selected === undefined ? undefined : selected - first, columns, paint),
    ...(footer === undefined ? [] : [hintRow(`${hidden === 0 ? '' : `${hidden} more · `}${footer}`, columns, paint)]),
  ].slice(0, rows)
}

/** Of rows that are too long, the text gets at least this share of the width, and the hint the rest. */
const textShare = 0.6
const gap = '  '
/** With less room for it, cells, a detail is left out. */
const leastDetail = 8

function drawRows(
  rows: readonly OverlayRow[],
  selected: number | undefined,
  fullColumns: number,
  paint: ComposerPaint,
): string[] {
  const columns = fullColumns - indent.length
  const lines = rows.map(({text, hint, detail, focus, runs}) => ({
    runs,
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
  return lines.map(({line, hint, detail, focus, runs}, index) => {
    if (runs !== undefined) return drawRuns(runs, index === selected, columns, paint)
    const cut = hint === undefined ? line : fitLine(line, textWidth, focus)
    const behind = hasDetail && detail !== '' ? gap + fitEnd(detail, roomForDetail - gap.length) : ''
    const beside = hint === undefined ? '' : pad(gap + hint, behind === '' ? 0 : hintWidth) + behind
    const row = indent + (beside === '' ? cut : pad(cut, textWidth)) + beside
    // A bar over the whole width.
    return index === selected ? paint('selection', pad(row, fullColumns)) : row
  })
}

function drawRuns(runs: readonly OverlayRun[], isSelected: boolean, columns: number, paint: ComposerPaint): string {
  const shown = runs.map(({text, token}) => ({text: plain(text), token}))
  if (!isSelected)
    return indent + shown.map(({text, token}) => (token === undefined ? text : paint(token, text))).join('')
  const row = shown.map(({text}) => text).join('')
  return paint('selection', indent + row + ' '.repeat(Math.max(0, columns - stringWidth(row))))
}

function widest(texts: readonly (string | undefined)[]): number {
  return Math.max(0, ...texts.map((text) => stringWidth(text ?? '')))
}

/** Untrusted text is cut to this length, UTF-16 units. */
const longestText = 1000

function plain(text: string): string {
  return toPlainLine(text.slice(0, longestText))
}
