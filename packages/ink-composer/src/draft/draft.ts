import {characterEnd, characterStart} from './characters.ts'

/**
 * A range of a draft that is shown as a short label, and that the cursor treats as one character. It is no placeholder in the
 * text, which a user could type as well, and which each use of the text would have to replace.
 */
export interface CollapsedRange {
  /** Indexes into the text, in UTF-16 units. */
  start: number
  end: number
  label: string
}

/** A text with its collapsed ranges, in order and disjoint. */
export interface Fragment {
  text: string
  collapsed: readonly CollapsedRange[]
}

/** A text that is being edited, and its cursor. */
export interface Draft extends Fragment {
  /** An index into `text`, in UTF-16 units, never inside a character or a collapsed range. */
  cursor: number
}

export const emptyDraft: Draft = {text: '', collapsed: [], cursor: 0}

/** A text without collapsed ranges. */
export function fragmentOf(text: string): Fragment {
  return {text, collapsed: []}
}

/** A part of a draft. Ranges that it cuts are expanded in the result. */
export function cutFragment({text, collapsed}: Fragment, start: number, end: number): Fragment {
  const whole = collapsed.filter((range) => range.start >= start && range.end <= end)
  return {text: text.slice(start, end), collapsed: whole.map((range) => moveRange(range, -start))}
}

/** Replaces a part of a draft; the cursor is after the replacement. */
export function replaceRange({text, collapsed}: Fragment, start: number, end: number, by: Fragment): Draft {
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

/** Concatenates two fragments. */
export function joinFragments(first: Fragment, second: Fragment): Fragment {
  const {text, collapsed} = replaceRange(first, first.text.length, first.text.length, second)
  return {text, collapsed}
}

/** The place one character, or one collapsed range, to the left. */
export function stepBack({text, collapsed}: Fragment, at: number): number {
  const before = collapsed.findLast((range) => range.end <= at)
  return before?.end === at ? before.start : characterStart(text, at, before?.end)
}

/** The place one character, or one collapsed range, to the right. */
export function stepForward({text, collapsed}: Fragment, at: number): number {
  const next = collapsed.find((range) => range.start >= at)
  return next?.start === at ? next.end : characterEnd(text, at, next?.start)
}

/** The collapsed range that ends or starts at the cursor. */
export function collapsedAtCursor({collapsed, cursor}: Draft): CollapsedRange | undefined {
  return collapsed.find((range) => range.end === cursor) ?? collapsed.find((range) => range.start === cursor)
}

function moveRange(range: CollapsedRange, by: number): CollapsedRange {
  return {...range, start: range.start + by, end: range.end + by}
}
