import stringWidth from 'string-width'

import {charactersOf} from './characters.ts'
import type {Draft} from './draft.ts'
import {placeInDraft, showDraft} from './shown-draft.ts'

/** The start of the cursor's line; a collapsed range has no line breaks. */
export function lineStart(draft: Draft): number {
  const {text, cursor} = showDraft(draft)
  return placeInDraft(draft, startOfLine(text, cursor))
}

export function lineEnd(draft: Draft): number {
  const {text, cursor} = showDraft(draft)
  return placeInDraft(draft, endOfLine(text, cursor))
}

/** The place in the line above (-1) or below (1) at the same column; `undefined` if there is no such line. */
export function placeInLine(draft: Draft, step: -1 | 1): number | undefined {
  const {text, cursor} = showDraft(draft)
  const start = startOfLine(text, cursor)
  const end = endOfLine(text, cursor)
  if (step === -1 ? start === 0 : end === text.length) return undefined
  const column = stringWidth(text.slice(start, cursor))
  const otherStart = step === -1 ? startOfLine(text, start - 1) : end + 1
  return placeInDraft(draft, placeAtColumn(text, otherStart, column))
}

function placeAtColumn(text: string, start: number, column: number): number {
  let [at, width] = [start, 0]
  // A character takes at least one column; the factor leaves room for zero-width ones.
  for (const character of charactersOf(text.slice(start, Math.min(endOfLine(text, start), start + 16 * column)))) {
    width += stringWidth(character)
    if (width > column) break
    at += character.length
  }
  return at
}

function startOfLine(text: string, at: number): number {
  return at === 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  return end === -1 ? text.length : end
}
