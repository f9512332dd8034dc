import type {Cell} from '../../packages/picture/src/cells.ts'

/**
 * Texts that differ from run to run, and the texts that a picture shows instead. Each match is replaced in the style of its
 * first cell; the row may become longer or shorter.
 */
export type Replacements = readonly (readonly [pattern: RegExp, replacement: string])[]

/** Replaces in a row what differs from run to run. */
export function normalizeRow(row: readonly Cell[], replacements: Replacements): readonly Cell[] {
  return replacements.reduce((cells, [pattern, replacement]) => replaceIn(cells, pattern, replacement), row)
}

function replaceIn(row: readonly Cell[], pattern: RegExp, replacement: string): readonly Cell[] {
  const starts = row.reduce((all, {text}) => [...all, all.at(-1)! + text.length], [0])
  const cells: Cell[] = []
  let next = 0
  for (const match of textOf(row).matchAll(new RegExp(pattern, 'g'))) {
    const from = starts.indexOf(match.index)
    const to = starts.indexOf(match.index + match[0].length)
    if (from === -1 || to === -1 || match[0] === '') continue
    const style = row[from]!.style
    cells.push(...row.slice(next, from), ...Array.from(replacement, (text) => ({text, cells: 1, style})))
    next = to
  }
  return [...cells, ...row.slice(next)]
}

export function textOf(row: readonly Cell[]): string {
  return row.map(({text}) => text).join('')
}
