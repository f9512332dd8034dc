import type {Cell} from './read-cells.ts'

/**
 * Texts of a picture that are another time otherwise, and what stands there instead. Each match is written over in the
 * style of its first cell; the row may become longer or shorter.
 */
export type Steady = readonly (readonly [RegExp, string | ((match: string) => string)])[]

/** The same row, with what differs from time to time as it is every time. */
export function steadyRow(row: readonly Cell[], steady: Steady): Cell[] {
  return steady.reduce<Cell[]>((cells, [pattern, replacement]) => replaceIn(cells, pattern, replacement), [...row])
}

function replaceIn(row: Cell[], pattern: RegExp, replacement: string | ((match: string) => string)): Cell[] {
  const starts = row.reduce<number[]>((all, {text}) => [...all, all.at(-1)! + text.length], [0])
  const text = row.map((cell) => cell.text).join('')
  const cells: Cell[] = []
  let next = 0
  for (const match of text.matchAll(new RegExp(pattern, 'g'))) {
    const from = starts.indexOf(match.index)
    const to = starts.indexOf(match.index + match[0].length)
    if (from === -1 || to === -1 || match[0] === '') continue
    const written = typeof replacement === 'string' ? replacement : replacement(match[0])
    const style = row[from]!.style
    cells.push(...row.slice(next, from), ...Array.from(written, (character) => ({text: character, width: 1, style})))
    next = to
  }
  return [...cells, ...row.slice(next)]
}
