import type {SessionSummary} from '@holdfast/protocol'
import cliTruncate from 'cli-truncate'
import stringWidth from 'string-width'
import {toListLine, toPlainLine} from '@holdfast/terminal'
import {formatAge, formatTags, shownState, waitingBadge} from '@holdfast/session-view'

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
  // Only a fleet has machines.
  const isFleet = sessions.some(({machine}) => machine !== undefined)
  const rows = sessions.map((session) => [
    session.id,
    ...(isFleet ? [toPlainLine(session.machine ?? '')] : []),
    stateCell(session),
    // Nobody knows when a session was used whose log cannot be read, here or on a machine that is away.
    session.state === 'unreadable' || session.updated_at === 0 ? '-' : formatAge(now - session.updated_at),
    [toListLine(session.title), formatTags(session.tags)].join(' ').trimEnd(),
    toPlainLine(session.cwd),
  ])
  const heading = ['ID', ...(isFleet ? ['MACHINE'] : []), 'STATE', 'USED', 'TITLE', 'FOLDER']
  const table = fit([heading, ...rows], columns)
  const pad = (cell: string, column: number) => cell + ' '.repeat(widthOf(table, column) - stringWidth(cell))
  return table.map((row) => row.map(pad).join(between).trimEnd())
}

function stateCell(session: SessionSummary): string {
  const {state, waits_for, before_restart} = session
  if (waits_for !== undefined && state !== 'closed') return waitingBadge(waits_for)
  return before_restart === true ? `${state} ↻` : shownState(session)
}

type Table = readonly (readonly string[])[]

function widthOf(table: Table, column: number): number {
  return Math.max(...table.map((row) => stringWidth(row[column] ?? '')))
}

/** Cuts titles at their end and folders at their start: each gets what the other one leaves, and at least half of the room. */
function fit(table: Table, columns = Infinity): Table {
  const fixed = (table[0]?.length ?? 0) - 2
  const fixedWidths = Array.from({length: fixed}, (_, column) => widthOf(table, column) + between.length)
  const room = columns - fixedWidths.reduce((sum, width) => sum + width, 0)
  const [title, folder] = [widthOf(table, fixed), widthOf(table, fixed + 1)]
  if (title + between.length + folder <= room) return table
  const cut = (text: string, width: number, position: 'start' | 'end') => cliTruncate(text, width, {position})
  if (room < leastRoom)
    return table.map((row) => [...row.slice(0, fixed), cut(row[fixed] ?? '', Math.max(leastTitle, room), 'end')])
  const half = Math.floor((room - between.length) / 2)
  const titleWidth = Math.min(title, Math.max(half, room - between.length - folder))
  const folderWidth = room - between.length - titleWidth
  return table.map((row) => [
    ...row.slice(0, fixed),
    cut(row[fixed] ?? '', titleWidth, 'end'),
    cut(row[fixed + 1] ?? '', folderWidth, 'start'),
  ])
}
