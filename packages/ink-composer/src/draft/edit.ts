import {
  cutFragment,
  collapsedAtCursor,
  fragmentOf,
  replaceRange,
  stepBack,
  stepForward,
  type Draft,
  type Fragment,
} from './draft.ts'
import {lineEnd, lineStart, placeInLine} from './line-bounds.ts'
import {wordEnd, wordStart} from './word-bounds.ts'

type PlaceOf = (draft: Draft) => number

const left: PlaceOf = (draft) => stepBack(draft, draft.cursor)
const right: PlaceOf = (draft) => stepForward(draft, draft.cursor)
const wordLeft: PlaceOf = (draft) => wordStart(draft, draft.cursor, 'letters')
const wordRight: PlaceOf = (draft) => wordEnd(draft, draft.cursor, 'letters')

/** Cursor movements, and the place after each. Pure. */
export const moves = {
  left,
  right,
  'word-left': wordLeft,
  'word-right': wordRight,
  'line-start': lineStart,
  'line-end': lineEnd,
  'text-start': () => 0,
  'text-end': ({text}) => text.length,
  'line-up': (draft) => placeInLine(draft, -1) ?? draft.cursor,
  'line-down': (draft) => placeInLine(draft, 1) ?? draft.cursor,
} satisfies Record<string, PlaceOf>
export type Move = keyof typeof moves

/** Deletions from the cursor, and the other end of each. Pure. */
export const deletions = {
  'delete-back': left,
  'delete-forward': right,
  /** To the start of the word: of letters and digits (Alt-Backspace), or of non-blanks (Ctrl-W). */
  'kill-word-back': wordLeft,
  'kill-blank-word-back': (draft) => wordStart(draft, draft.cursor, 'blanks'),
  'kill-word': wordRight,
  /** To the start or the end of the line; from there, the line break itself. */
  'kill-to-start': (draft) => (lineStart(draft) === draft.cursor ? left(draft) : lineStart(draft)),
  'kill-to-end': (draft) => (lineEnd(draft) === draft.cursor ? right(draft) : lineEnd(draft)),
} satisfies Record<string, PlaceOf>
export type Deletion = keyof typeof deletions

/** Cuts the text between the cursor and another place. Pure. */
export function cutTo(draft: Draft, place: number): {draft: Draft; cut: Fragment} {
  const [start, end] = place < draft.cursor ? [place, draft.cursor] : [draft.cursor, place]
  return {draft: replaceRange(draft, start, end, fragmentOf('')), cut: cutFragment(draft, start, end)}
}

/** Inserts a fragment before the cursor. Pure. */
export function insertAtCursor(draft: Draft, fragment: Fragment): Draft {
  return replaceRange(draft, draft.cursor, draft.cursor, fragment)
}

/** Expands the collapsed range next to the cursor. Pure. */
export function expandAtCursor(draft: Draft): Draft {
  const range = collapsedAtCursor(draft)
  return range === undefined ? draft : {...draft, collapsed: draft.collapsed.filter((other) => other !== range)}
}
