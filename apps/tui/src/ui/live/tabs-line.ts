import {toListLine} from '@holdfast/terminal'
import {waitingBadge} from '@holdfast/session-view'
import cliTruncate from 'cli-truncate'
import stringWidth from 'string-width'

import type {Paint} from '../../theme/paint.ts'
import type {Tab} from './plan-tabs.ts'

/** The widths to which titles are cut, cells: the first with which all tabs fit. */
const titleWidths = [24, 16, 12, 8, 5]

/** Room for the count of tabs that do not fit, cells. */
const restWidth = ' +99 '.length

/**
 * The open sessions in one line: ` ▸1 notes │ 2 build ● │ 3 deploy PASSWORD │ 4 api • `. `▸`: it is on the screen; `●`: a command runs;
 * `•`: one has ended since the user looked. Of tabs that do not fit, it has the count. None where there is only one. Pure.
 */
export function tabsLine(tabs: readonly Tab[] | undefined, columns: number, paint: Paint): string[] {
  if (tabs === undefined || tabs.length < 2) return []
  const between = paint('rule', '│')
  for (const width of titleWidths) {
    const labels = tabs.map((tab, index) => labelOf(tab, index, width))
    if (widthOf(labels) <= columns) return [labels.map((label) => draw(label, paint)).join(between)]
  }
  const labels = tabs.map((tab, index) => labelOf(tab, index, titleWidths.at(-1) ?? 1))
  const shown = fitting(tabs, labels, columns - restWidth)
  const hidden = tabs.filter((_, index) => !shown.has(index))
  const rest = paint(hidden.some(({waitsFor}) => waitsFor !== undefined) ? 'badge' : 'muted', ` +${hidden.length} `)
  return [[...labels.filter((_, index) => shown.has(index)).map((label) => draw(label, paint)), rest].join(between)]
}

interface Label {
  text: string
  badge: string
  sign: string
  isCurrent: boolean
}

function labelOf({title, mark, waitsFor, isCurrent}: Tab, index: number, width: number): Label {
  const number = index < 9 ? `${index + 1} ` : ''
  const signs = {running: ' ●', ended: ' •'}
  return {
    text: `${isCurrent ? '▸' : ''}${number}${cliTruncate(toListLine(title), width)}`,
    badge: waitsFor === undefined ? '' : ` ${waitingBadge(waitsFor)} `,
    sign: waitsFor === undefined && mark !== undefined ? signs[mark] : '',
    isCurrent,
  }
}

function draw({text, badge, sign, isCurrent}: Label, paint: Paint): string {
  if (isCurrent) return paint('selection', ` ${text}${sign} `) + paint('badge', badge)
  return paint('muted', ` ${text}`) + paint('accent', sign) + paint('muted', ' ') + paint('badge', badge)
}

function widthOf(labels: readonly Label[]): number {
  return labels.reduce(
    (width, {text, badge, sign}) => width + stringWidth(` ${text}${sign} ${badge}`),
    labels.length - 1,
  )
}

/** The indices of the tabs that fit: the current one, those that wait for the user, then the first ones. */
function fitting(tabs: readonly Tab[], labels: readonly Label[], columns: number): ReadonlySet<number> {
  const rank = ({isCurrent, waitsFor}: Tab) => (isCurrent ? 0 : waitsFor === undefined ? 2 : 1)
  const order = tabs.map((tab, index) => ({index, rank: rank(tab)})).sort((one, other) => one.rank - other.rank)
  const shown = new Set<number>()
  let left = columns
  for (const {index} of order) {
    const label = labels[index]
    left -= label === undefined ? 0 : widthOf([label]) + 1
    if (left < 0) break
    shown.add(index)
  }
  return shown
}
