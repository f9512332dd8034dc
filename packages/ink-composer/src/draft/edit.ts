import {
  cutFragment,
  collapsedAtCursor,
  fragmentOf,
  replaceStretch,
  stepBack,
  stepForward,
  type Draft,
  type Fragment,
} from './draft.ts'
import {lineEnd, lineStart, placeInLine} from './line-bounds.ts'
import {wordEnd, wordStart} from './word-bounds.ts'

/** What the cursor can do without changing the text. */
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

/** Where a move leads. Pure. */
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

/** What takes a stretch of the text away. */
export type Deletion =
  | 'delete-back'
  | 'delete-forward'
  /** To the start of the word, as Alt-Backspace has it, or as Ctrl-W has it. */
  | 'kill-word-back'
  | 'kill-blank-word-back'
  | 'kill-word'
  /** To the start or the end of the line; there, the line end itself. */
  | 'kill-to-start'
  | 'kill-to-end'

/** The place up to which a deletion goes, from the cursor. Pure. */
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

/** The draft without what is between the cursor and another place, and that. Pure. */
export function cutTo(draft: Draft, place: number): {draft: Draft; cut: Fragment} {
  const [start, end] = place < draft.cursor ? [place, draft.cursor] : [draft.cursor, place]
  return {draft: replaceStretch(draft, start, end, fragmentOf('')), cut: cutFragment(draft, start, end)}
}

/** The draft with something more in front of the cursor. Pure. */
export function insertAtCursor(draft: Draft, fragment: Fragment): Draft {
  return replaceStretch(draft, draft.cursor, draft.cursor, fragment)
}

/** In front of all, as if it had been there before the rest was written. Pure. */
export function prepend(draft: Draft, fragment: Fragment): Draft {
  return {...replaceStretch(draft, 0, 0, fragment), cursor: fragment.text.length + draft.cursor}
}

/** What is folded beside the cursor is shown as it is. Pure. */
export function expandAtCursor(draft: Draft): Draft {
  const range = collapsedAtCursor(draft)
  return range === undefined ? draft : {...draft, collapsed: draft.collapsed.filter((other) => other !== range)}
}
