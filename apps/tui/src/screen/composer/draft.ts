import {characterEnd, characterStart} from './characters.ts'

/** A stretch of a draft that is shown as a short label, and is one character for the cursor. */
export interface Fold {
  /** Indexes into the text, in UTF-16 units. */
  start: number
  end: number
  label: string
}

/** A text, some stretches of which are folded: in order, and apart from each other. */
export interface Fragment {
  text: string
  folds: readonly Fold[]
}

/** A text that is being written, and where in it the next character goes. */
export interface Draft extends Fragment {
  /** An index into `text`, in UTF-16 units, never inside a character or a fold. */
  cursor: number
}

export const emptyDraft: Draft = {text: '', folds: [], cursor: 0}

/** A text without folds. */
export function fragmentOf(text: string): Fragment {
  return {text, folds: []}
}

/** A stretch of a draft. Folds that are not whole in it are open in the result. */
export function cutFragment({text, folds}: Fragment, start: number, end: number): Fragment {
  const whole = folds.filter((fold) => fold.start >= start && fold.end <= end)
  return {text: text.slice(start, end), folds: whole.map((fold) => moveFold(fold, -start))}
}

/** The draft with a stretch of it replaced; the cursor is behind what was put there. */
export function replaceStretch({text, folds}: Fragment, start: number, end: number, by: Fragment): Draft {
  const grown = by.text.length - (end - start)
  return {
    text: text.slice(0, start) + by.text + text.slice(end),
    folds: [
      ...folds.filter((fold) => fold.end <= start),
      ...by.folds.map((fold) => moveFold(fold, start)),
      ...folds.filter((fold) => fold.start >= end).map((fold) => moveFold(fold, grown)),
    ],
    cursor: start + by.text.length,
  }
}

/** Two fragments, one behind the other. */
export function joinFragments(first: Fragment, second: Fragment): Fragment {
  const {text, folds} = replaceStretch(first, first.text.length, first.text.length, second)
  return {text, folds}
}

/** The place one step to the left: of a character, or of a fold. */
export function stepBack({text, folds}: Fragment, at: number): number {
  const before = folds.findLast((fold) => fold.end <= at)
  return before?.end === at ? before.start : characterStart(text, at, before?.end)
}

/** The place one step to the right. */
export function stepForward({text, folds}: Fragment, at: number): number {
  const next = folds.find((fold) => fold.start >= at)
  return next?.start === at ? next.end : characterEnd(text, at, next?.start)
}

/** The fold that ends or begins at the cursor. */
export function foldAtCursor({folds, cursor}: Draft): Fold | undefined {
  return folds.find((fold) => fold.end === cursor) ?? folds.find((fold) => fold.start === cursor)
}

function moveFold(fold: Fold, by: number): Fold {
  return {...fold, start: fold.start + by, end: fold.end + by}
}
