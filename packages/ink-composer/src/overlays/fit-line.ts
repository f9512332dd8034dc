import stringWidth from 'string-width'

import {charactersOf} from '../draft/characters.ts'

const cutMark = '…'
/** How much is shown after the part that must be visible, UTF-16 units. */
const after = 8

/**
 * A line that is too wide for `columns` cells, cut, with `…` where something is missing. The text before the index `focus` is cut at
 * its beginning where its end would not be visible. Pure.
 */
export function fitLine(line: string, columns: number, focus = 0): string {
  if (stringWidth(line) <= columns) return line
  const start = fill(charactersOf(line), columns - 1).join('')
  if (focus <= start.length) return start + cutMark
  const end = Math.min(line.length, focus + after)
  const endMark = end < line.length ? cutMark : ''
  const characters = charactersOf(line.slice(0, end)).toReversed()
  return (
    cutMark +
    fill(characters, columns - 1 - endMark.length)
      .toReversed()
      .join('') +
    endMark
  )
}

/** The end of a line that is too wide for `columns` cells, behind `…`. Pure. */
export function fitEnd(line: string, columns: number): string {
  if (stringWidth(line) <= columns) return line
  return (
    cutMark +
    fill(charactersOf(line).toReversed(), columns - 1)
      .toReversed()
      .join('')
  )
}

/** The first characters that fit. */
function fill(characters: readonly string[], columns: number): string[] {
  let width = 0
  const end = characters.findIndex((character) => (width += stringWidth(character)) > columns)
  return characters.slice(0, end === -1 ? characters.length : end)
}
