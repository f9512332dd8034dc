import wrapAnsi from 'wrap-ansi'

export interface WrapOptions {
  /** Whether a word that is wider than a row is broken. `false`: it is left to the terminal, from which a path can then be copied. @default true */
  hard?: boolean
}

/** Wraps text to rows of `columns` cells, at words; the blanks at which it is broken are left out. Rows of a line are indented like it. */
export function wrapRows(text: string, columns: number, {hard = true}: WrapOptions = {}): string[] {
  return text.split('\n').flatMap((line) => {
    const indent = line.slice(0, Math.min(line.search(/\S|$/), Math.floor(columns / 2)))
    const width = Math.max(1, columns - indent.length)
    return wrapAnsi(line.slice(indent.length), width, {hard})
      .split('\n')
      .map((row) => indent + row)
  })
}

/** The first rows, at most `room`; if some are left out, the last row counts them. */
export function firstRows(rows: readonly string[], room: number): readonly string[] {
  if (rows.length <= room || room === 0) return rows.slice(0, room)
  return [...rows.slice(0, room - 1), `… ${rows.length - room + 1} more`]
}
