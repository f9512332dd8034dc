import {characterEnd, characterStart} from './characters.ts'

/** A stretch of a draft that is shown as a short label, and is one character for the cursor. */
export interface CollapsedRange {
  /** Indexes into the text, in UTF-16 units. */
  start: number
  end: number
  label: string
}

/** A text, some stretches of which are folded: in order, and apart from each other. */
export interface Fragment {
  text: string
  collapsed: readonly CollapsedRange[]
}

/** A text that is being written, and where in it the next character goes. */
export interface Draft extends Fragment {
  /** An index into `text`, in UTF-16 units, never inside a character or a range. */
  cursor: number
}

export const emptyDraft: Draft = {text: '', collapsed: [], cursor: 0}

/** A text without collapsed. */
export function fragmentOf(text: string): Fragment {
  return {text, collapsed: []}
}

/** A stretch of a draft. Folds that are not whole in it are open in the result. */
export function cutFragment({text, collapsed}: Fragment, start: number, end: number): Fragment {
  const whole = collapsed.filter((range) => range.start >= start && range.end <= end)
  return {text: text.slice(start, end), collapsed: whole.map((range) => moveRange(range, -start))}
}

/** The draft with a stretch of it replaced; the cursor is behind what was put there. */
export function replaceStretch({text, collapsed}: Fragment, start: number, end: number, by: Fragment): Draft {
  const grown = by.text.length - (end - start)
  return {
    text: text.slice(0, start) + by.text + text.slice(end),
    collapsed: [
      ...collapsed.filter((range) => range.end <= start),
      ...by.collapsed.map((range) => moveRange(range, start)),
      ...collapsed.filter((range) => range.start >= end).map((range) => moveRange(range, grown)),
    ],
    cursor: start + by.text.length,
  }
}

/** Two fragments, one behind the other. */
export function joinFragments(first: Fragment, second: Fragment): Fragment {
  const {text, collapsed} = replaceStretch(first, first.text.length, first.text.length, second)
  return {text, collapsed}
}

/** The place one step to the left: of a character, or of a range. */
export function stepBack({text, collapsed}: Fragment, at: number): number {
  const before = collapsed.findLast((range) => range.end <= at)
  return before?.end === at ? before.start : characterStart(text, at, before?.end)
}

/** The place one step to the right. */
export function stepForward({text, collapsed}: Fragment, at: number): number {
  const next = collapsed.find((range) => range.start >= at)
  return next?.start === at ? next.end : characterEnd(text, at, next?.start)
}

/** The fold that ends or begins at the cursor. */
export function collapsedAtCursor({collapsed, cursor}: Draft): CollapsedRange | undefined {
  return collapsed.find((range) => range.end === cursor) ?? collapsed.find((range) => range.start === cursor)
}

function moveRange(range: CollapsedRange, by: number): CollapsedRange {
  return {...range, start: range.start + by, end: range.end + by}
}
