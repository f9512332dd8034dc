import type {Draft} from './draft.ts'

/** A draft on the screen: with labels in place of the collapsed ranges. */
export interface ShownDraft {
  text: string
  cursor: number
  /** The ranges of the labels in `text`. */
  labels: readonly {start: number; end: number}[]
}

/** Replaces the collapsed ranges of a draft by their labels. Pure. */
export function showDraft({text, collapsed, cursor}: Draft): ShownDraft {
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
