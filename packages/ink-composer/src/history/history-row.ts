import {toListLine} from '@holdfast/terminal'

import type {OverlayRow} from '../overlays/overlay.ts'
import type {HistoryEntry} from './history.ts'

/** The widths of the columns, cells; the outcomes and the ages are as long at most. */
const outcomeWidth = 5
const ageWidth = 6
const folderWidth = 24

/** A row of the list: the text with the query visible, and beside it how it ended, how long ago that was, and in which folder. */
export function historyRow(
  {text, at, folder = '', outcome = ''}: HistoryEntry,
  query: string,
  now: number,
): OverlayRow {
  // Only the rows that are drawn need these.
  return {
    get text() {
      return toListLine(text)
    },
    get focus() {
      const found = toListLine(text).toLowerCase().indexOf(query.toLowerCase())
      return found === -1 ? 0 : found + query.length
    },
    get hint() {
      const age = at === undefined ? '' : describeAge(Math.max(0, now - at))
      return `${outcome.padEnd(outcomeWidth)} ${age.padStart(ageWidth)}`.trimEnd()
    },
    detail: folder.length > folderWidth ? `…${folder.slice(1 - folderWidth)}` : folder,
  }
}

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
] as const

function describeAge(ms: number): string {
  const [unit, length] = units.find(([, each]) => ms >= each) ?? ['now', 0]
  return length === 0 ? unit : `${Math.floor(ms / length)} ${unit}`
}
