import stringWidth from 'string-width'

/** Rows of a table as lines; all columns but the last have the width of their widest cell. Pure. */
export function toTable(table: readonly (readonly string[])[]): string[] {
  const widths = (table[0] ?? []).slice(0, -1).map((_, column) => {
    return Math.max(...table.map((row) => stringWidth(row[column] ?? '')))
  })
  return table.map((row) =>
    row.map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - stringWidth(cell)))).join('  '),
  )
}
