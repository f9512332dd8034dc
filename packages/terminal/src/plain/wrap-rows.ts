import wrapAnsi from 'wrap-ansi'

/** Wraps text to rows of `columns` cells. `trim` removes the blanks at which it is broken. */
export function wrapRows(text: string, columns: number, {trim = false} = {}): string[] {
  return wrapAnsi(text, Math.max(1, columns), {hard: true, trim}).split('\n')
}

/** The first rows, at most `room`; if some are left out, the last row counts them. */
export function firstRows(rows: readonly string[], room: number): readonly string[] {
  if (rows.length <= room || room === 0) return rows.slice(0, room)
  return [...rows.slice(0, room - 1), `… ${rows.length - room + 1} more`]
}
