import {charactersOf} from './characters.ts'
import type {Draft} from './draft.ts'

/** A draft on the screen: with labels in place of the collapsed ranges. */
export interface ShownDraft {
  text: string
  cursor: number
  /** The ranges of the labels in `text`. */
  labels: readonly {start: number; end: number}[]
}

/** Replaces the collapsed ranges of a draft by their labels. A suggestion after its end is drawn like a label. Pure. */
export function showDraft({text, collapsed, cursor}: Draft, suggestion = ''): ShownDraft {
  if (suggestion !== '') {
    const shown = showDraft({text, collapsed, cursor})
    const end = shown.text.length
    const label = {start: end, end: end + suggestion.length}
    return {text: shown.text + suggestion, cursor: shown.cursor, labels: [...shown.labels, label]}
  }
  if (collapsed.length === 0) return {text, cursor, labels: []}
  let shown = ''
  let at = 0
  let shownCursor = cursor
  const labels: {start: number; end: number}[] = []
  for (const range of collapsed) {
    shown += text.slice(at, range.start)
    labels.push({start: shown.length, end: shown.length + range.label.length})
    shown += range.label
    if (range.end <= cursor) shownCursor += range.label.length - (range.end - range.start)
    at = range.end
  }
  return {text: shown + text.slice(at), cursor: shownCursor, labels}
}

/** A draft whose characters are not shown, only how many there are. Pure. */
export function maskDraft({text, cursor}: ShownDraft): ShownDraft {
  return {text: mask(text), cursor: mask(text.slice(0, cursor)).length, labels: []}
}

function mask(text: string): string {
  return '•'.repeat(charactersOf(text).length)
}

/** The place in a draft that is shown at `shownAt`; inside a label, the nearer end of its range. */
export function placeInDraft({collapsed}: Draft, shownAt: number): number {
  let grown = 0
  for (const {start, end, label} of collapsed) {
    const shownStart = start - grown
    if (shownAt <= shownStart) break
    const shownEnd = shownStart + label.length
    if (shownAt < shownEnd) return shownAt - shownStart < shownEnd - shownAt ? start : end
    grown += end - start - label.length
  }
  return shownAt + grown
}
