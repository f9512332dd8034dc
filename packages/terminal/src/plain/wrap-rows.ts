import wrapAnsi from 'wrap-ansi'

/** The rows of a text on a terminal so wide. `trim`: without the blanks at which it is broken. */
export function wrapRows(text: string, columns: number, {trim = false} = {}): string[] {
  return wrapAnsi(text, Math.max(1, columns), {hard: true, trim}).split('\n')
}

/** Of more rows than there is room for, the first, and how many there are besides. */
export function firstRows(rows: readonly string[], room: number): readonly string[] {
  if (rows.length <= room || room === 0) return rows.slice(0, room)
  return [...rows.slice(0, room - 1), `… ${rows.length - room + 1} more`]
}
