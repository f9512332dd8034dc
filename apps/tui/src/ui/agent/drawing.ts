/** Rows that are drawn only as far as they are shown: there may be many. */
export interface Drawing {
  /** All rows. */
  count: number
  /** The first rows, at most `max`. */
  draw(max: number): readonly string[]
}

/** Rows that are drawn already. */
export function drawingOf(rows: readonly string[]): Drawing {
  return {count: rows.length, draw: (max) => rows.slice(0, max)}
}

/** One below the other. */
export function joinDrawings(parts: readonly Drawing[]): Drawing {
  return {
    count: parts.reduce((sum, {count}) => sum + count, 0),
    draw(max) {
      let rows: readonly string[] = []
      for (const part of parts) if (rows.length < max) rows = rows.concat(part.draw(max - rows.length))
      return rows
    },
  }
}
