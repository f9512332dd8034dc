import type {SessionSummary} from '@holdfast/protocol'
import cliTruncate from 'cli-truncate'
import stringWidth from 'string-width'
import {toListLine, toPlainLine} from '@holdfast/terminal'
import {formatAge, formatTags, waitingBadge} from '@holdfast/session-view'

const between = '  '
/** With less room than this for title and folder together, cells, only the title is shown. */
const leastRoom = 24
/** A title is not cut to fewer cells than this. */
const leastTitle = 10

/**
 * Sessions as the rows of a table below its heading; none without sessions. In a terminal of `columns` cells, long titles and folders
 * are cut so that no row wraps; without it, as in a pipe, nothing is cut. Pure.
 */
export function sessionTable(
  sessions: readonly SessionSummary[],
  now: number,
  columns: number | undefined,
): readonly string[] {
  if (sessions.length === 0) return []
  const rows = sessions.map(({id, state, waits_for, before_restart, title, tags, cwd, updated_at}) => [
    id,
    waits_for !== undefined && state !== 'closed'
      ? waitingBadge(waits_for)
      : before_restart === true
        ? `${state} ↻`
        : state,
    // Nobody knows when a session was used whose log cannot be read.
    state === 'unreadable' ? '-' : formatAge(now - updated_at),
    [toListLine(title), formatTags(tags)].join(' ').trimEnd(),
    toPlainLine(cwd),
  ])
  const table = fit([['ID', 'STATE', 'USED', 'TITLE', 'FOLDER'], ...rows], columns)
  const pad = (cell: string, column: number) => cell + ' '.repeat(widthOf(table, column) - stringWidth(cell))
  return table.map((row) => row.map(pad).join(between).trimEnd())
}

type Table = readonly (readonly string[])[]

function widthOf(table: Table, column: number): number {
  return Math.max(...table.map((row) => stringWidth(row[column] ?? '')))
}

/** Cuts titles at their end and folders at their start: each gets what the other one leaves, and at least half of the room. */
function fit(table: Table, columns = Infinity): Table {
  const room = columns - [0, 1, 2].reduce((sum, column) => sum + widthOf(table, column) + between.length, 0)
  const [title, folder] = [widthOf(table, 3), widthOf(table, 4)]
  if (title + between.length + folder <= room) return table
  const cut = (text: string, width: number, position: 'start' | 'end') => cliTruncate(text, width, {position})
  if (room < leastRoom)
    return table.map((row) => [...row.slice(0, 3), cut(row[3] ?? '', Math.max(leastTitle, room), 'end')])
  const half = Math.floor((room - between.length) / 2)
  const titleWidth = Math.min(title, Math.max(half, room - between.length - folder))
  const folderWidth = room - between.length - titleWidth
  return table.map((row) => [
    ...row.slice(0, 3),
    cut(row[3] ?? '', titleWidth, 'end'),
    cut(row[4] ?? '', folderWidth, 'start'),
  ])
}
