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

/** Cursor movements. */
export type Move =
  | 'left'
  | 'right'
  | 'word-left'
  | 'word-right'
  | 'line-start'
  | 'line-end'
  | 'text-start'
  | 'text-end'
  | 'line-up'
  | 'line-down'

/** The place after a movement. Pure. */
export function placeAfter(draft: Draft, move: Move): number {
  const {cursor} = draft
  switch (move) {
    case 'left':
      return stepBack(draft, cursor)
    case 'right':
      return stepForward(draft, cursor)
    case 'word-left':
      return wordStart(draft, cursor, 'letters')
    case 'word-right':
      return wordEnd(draft, cursor, 'letters')
    case 'line-start':
      return lineStart(draft)
    case 'line-end':
      return lineEnd(draft)
    case 'text-start':
      return 0
    case 'text-end':
      return draft.text.length
    case 'line-up':
      return placeInLine(draft, -1) ?? cursor
    case 'line-down':
      return placeInLine(draft, 1) ?? cursor
  }
}

/** Deletions, from the cursor. */
export type Deletion =
  | 'delete-back'
  | 'delete-forward'
  /** To the start of the word: of letters and digits (Alt-Backspace), or of non-blanks (Ctrl-W). */
  | 'kill-word-back'
  | 'kill-blank-word-back'
  | 'kill-word'
  /** To the start or the end of the line; from there, the line break itself. */
  | 'kill-to-start'
  | 'kill-to-end'

/** The other end of a deletion that starts at the cursor. Pure. */
export function endOfDeletion(draft: Draft, deletion: Deletion): number {
  const {cursor} = draft
  switch (deletion) {
    case 'delete-back':
      return stepBack(draft, cursor)
    case 'delete-forward':
      return stepForward(draft, cursor)
    case 'kill-word-back':
      return wordStart(draft, cursor, 'letters')
    case 'kill-blank-word-back':
      return wordStart(draft, cursor, 'blanks')
    case 'kill-word':
      return wordEnd(draft, cursor, 'letters')
    case 'kill-to-start':
      return orStep(lineStart(draft), cursor, stepBack(draft, cursor))
    case 'kill-to-end':
      return orStep(lineEnd(draft), cursor, stepForward(draft, cursor))
  }
}

function orStep(place: number, cursor: number, step: number): number {
  return place === cursor ? step : place
}

/** Cuts the text between the cursor and another place. Pure. */
export function cutTo(draft: Draft, place: number): {draft: Draft; cut: Fragment} {
  const [start, end] = place < draft.cursor ? [place, draft.cursor] : [draft.cursor, place]
  return {draft: replaceRange(draft, start, end, fragmentOf('')), cut: cutFragment(draft, start, end)}
}

/** Inserts a fragment before the cursor. Pure. */
export function insertAtCursor(draft: Draft, fragment: Fragment): Draft {
  return replaceRange(draft, draft.cursor, draft.cursor, fragment)
}

/** Inserts a fragment before the whole draft; the cursor stays at its character. Pure. */
export function prepend(draft: Draft, fragment: Fragment): Draft {
  return {...replaceRange(draft, 0, 0, fragment), cursor: fragment.text.length + draft.cursor}
}

/** Expands the collapsed range next to the cursor. Pure. */
export function expandAtCursor(draft: Draft): Draft {
  const range = collapsedAtCursor(draft)
  return range === undefined ? draft : {...draft, collapsed: draft.collapsed.filter((other) => other !== range)}
}
