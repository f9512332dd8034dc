import {styleText} from 'node:util'

import stringWidth from 'string-width'
import {toPlainLine} from '@holdfast/terminal'
import {wrapRows} from '@holdfast/terminal/rows'

import {fitKeys} from './overlays/fit-keys.ts'
import type {ComposerView} from './composer.ts'
import {emptyDraft} from './draft/draft.ts'
import {layoutDraft, type Run} from './draft/layout-draft.ts'
import type {OverlayRow} from './overlays/overlay.ts'
import {showDraft} from './draft/shown-draft.ts'

export interface RowsSize {
  /** The width in cells. Rows of a draft are wrapped to it; rows of an overlay are not. */
  columns: number
  /** The maximum number of rows. */
  rows: number
}

/** Before the first row; the other rows are indented. */
const prompts = {prompt: styleText('cyan', '❯') + ' ', input: styleText('yellow', '»') + ' '}
const indent = '  '

/** The rows of the draft around its cursor, with SGR sequences. Pure. */
export function draftRows({draft, mode, isSecret}: ComposerView, {columns, rows}: RowsSize): string[] {
  const runsOfRows = layoutDraft(showDraft(isSecret ? emptyDraft : draft), {columns: columns - indent.length, rows})
  return runsOfRows.map((runs, index) => (index === 0 ? prompts[mode] : indent) + runs.map(drawRun).join(''))
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
    ...drawRows(shown, selected === undefined ? undefined : selected - first),
    ...(footer === undefined ? [] : [drawKeys(`${hidden === 0 ? '' : `${hidden} more · `}${footer}`)]),
  ].slice(0, rows)
}

function drawRows(rows: readonly OverlayRow[], selected: number | undefined): string[] {
  const textWidth = Math.max(0, ...rows.map(({text}) => stringWidth(plain(text))))
  return rows.map(({text, hint}, index) => {
    const line = plain(text)
    const suffix = hint === undefined ? '' : `${' '.repeat(textWidth - stringWidth(line))}  ${plain(hint)}`
    const row = indent + line + suffix
    return index === selected ? styleText('inverse', row, {validateStream: false}) : row
  })
}

/** Untrusted text is cut to this length, UTF-16 units. */
const longestText = 1000

function plain(text: string): string {
  return toPlainLine(text.slice(0, longestText))
}
