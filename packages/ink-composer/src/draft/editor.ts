import {
  cutTo,
  endOfDeletion,
  insertAtCursor,
  expandAtCursor,
  placeAfter,
  prepend,
  type Deletion,
  type Move,
} from './edit.ts'
import {emptyDraft, fragmentOf, joinFragments, replaceStretch, type Draft, type Fragment} from './draft.ts'

/** What one key asks of an editor. */
export type Edit =
  | {kind: 'move'; move: Move}
  | {kind: 'delete'; deletion: Deletion}
  /** Typed: what is typed in a row is undone at once. */
  | {kind: 'type'; text: string}
  | {kind: 'insert'; fragment: Fragment}
  /** The last thing killed; and in its place the one that was killed before it. */
  | {kind: 'yank' | 'yank-before'}
  | {kind: 'undo' | 'expand'}
  /** A stretch becomes another text. */
  | {kind: 'replace-stretch'; start: number; end: number; text: string}
  /** All becomes another text. */
  | {kind: 'replace'; fragment: Fragment}
  /** In front of all, as if it had been there before the rest was written. */
  | {kind: 'prepend'; fragment: Fragment}

/** A draft with what is needed to undo, and to bring back what was killed. */
export interface Editor {
  readonly draft: Draft
  /** What the draft was, the last one last. */
  readonly before: readonly Draft[]
  /** What was killed, the last one last. */
  readonly kills: readonly Fragment[]
  /** What the last edit was, as far as the next one has to know. */
  readonly last: LastEdit
}

type LastEdit =
  | {kind: 'other'}
  | {kind: 'typed'; length: number}
  | {kind: 'killed'}
  /** From where to where the draft has it, and how many kills ago that was killed. */
  | {kind: 'yanked'; start: number; end: number; ago: number}

export const emptyEditor: Editor = {draft: emptyDraft, before: [], kills: [], last: {kind: 'other'}}

/** So much typing is undone at once, UTF-16 units; as readline has it. */
const typedAtOnce = 20
/** Steps that can be undone, and things killed that come back; and the most that they may hold together, UTF-16 units. */
const maxSteps = 200
const maxKills = 20
const maxKeptLength = 16 * 1024 * 1024

/** The editor after one edit. Pure. */
export function edit(editor: Editor, asked: Edit): Editor {
  const {draft, kills, last} = editor
  switch (asked.kind) {
    case 'move':
      return {...editor, draft: {...draft, cursor: placeAfter(draft, asked.move)}, last: {kind: 'other'}}
    case 'delete': {
      const {deletion} = asked
      const {draft: next, cut} = cutTo(draft, endOfDeletion(draft, deletion))
      if (cut.text === '') return editor
      if (!deletion.startsWith('kill')) return changed(editor, next)
      const isBack = next.cursor < draft.cursor
      return {...changed(editor, next), kills: keepKill(kills, cut, {isBack, last}), last: {kind: 'killed'}}
    }
    case 'type': {
      const next = insertAtCursor(draft, fragmentOf(asked.text))
      const length = asked.text.length + (last.kind === 'typed' ? last.length : 0)
      const isSameStep = last.kind === 'typed' && length <= typedAtOnce && !asked.text.includes('\n')
      const after = isSameStep ? {...editor, draft: next} : changed(editor, next)
      return {...after, last: {kind: 'typed', length: isSameStep ? length : asked.text.length}}
    }
    case 'insert':
      return changed(editor, insertAtCursor(draft, asked.fragment))
    case 'yank':
      return yank(editor, {start: draft.cursor, end: draft.cursor, ago: 0})
    case 'yank-before':
      return last.kind === 'yanked' ? yank(editor, {...last, ago: (last.ago + 1) % kills.length}) : editor
    case 'undo': {
      const previous = editor.before.at(-1)
      if (previous === undefined) return editor
      return {...editor, draft: previous, before: editor.before.slice(0, -1), last: {kind: 'other'}}
    }
    case 'expand':
      return changed(editor, expandAtCursor(draft))
    case 'replace-stretch':
      return changed(editor, replaceStretch(draft, asked.start, asked.end, fragmentOf(asked.text)))
    case 'replace':
      return changed(editor, {...asked.fragment, cursor: asked.fragment.text.length})
    case 'prepend':
      return changed(editor, prepend(draft, asked.fragment))
  }
}

/** What was written is entered: nothing is left of it but what was killed. Pure. */
export function clear({kills}: Editor): Editor {
  return {...emptyEditor, kills}
}

function changed(editor: Editor, draft: Draft): Editor {
  if (draft === editor.draft) return editor
  const before = withinBounds([...editor.before, editor.draft], maxSteps)
  return {...editor, draft, before, last: {kind: 'other'}}
}

/** Kills in a row are one; what is killed backwards comes before the rest. */
function keepKill(
  kills: readonly Fragment[],
  cut: Fragment,
  {isBack, last}: {isBack: boolean; last: LastEdit},
): readonly Fragment[] {
  const previous = last.kind === 'killed' ? kills.at(-1) : undefined
  if (previous === undefined) return withinBounds([...kills, cut], maxKills)
  const whole = isBack ? joinFragments(cut, previous) : joinFragments(previous, cut)
  return withinBounds([...kills.slice(0, -1), whole], maxKills)
}

function yank(editor: Editor, {start, end, ago}: {start: number; end: number; ago: number}): Editor {
  const kill = editor.kills.at(-1 - ago)
  if (kill === undefined) return editor
  const draft = replaceStretch(editor.draft, start, end, kill)
  const after = ago === 0 && start === end ? changed(editor, draft) : {...editor, draft}
  return {...after, last: {kind: 'yanked', start, end: draft.cursor, ago}}
}

/** The last ones. */
function withinBounds<Kept extends Fragment>(kept: readonly Kept[], maxCount: number): readonly Kept[] {
  let length = 0
  const from = kept.findLastIndex((each) => (length += each.text.length) > maxKeptLength)
  return kept.slice(Math.max(from + 1, kept.length - maxCount))
}
