import {cutTo, deletions, insertAtCursor, expandAtCursor, moves, type Deletion, type Move} from './edit.ts'
import {emptyDraft, fragmentOf, joinFragments, replaceRange, type Draft, type Fragment} from './draft.ts'
import {wordChanges, type WordChange} from './word-changes.ts'

/** One edit, as a key asks for it. */
export type Edit =
  | {kind: 'move'; move: Move}
  | {kind: 'delete'; deletion: Deletion}
  | {kind: 'change-word'; change: WordChange}
  /** Typed text: consecutive edits of this kind are undone together. */
  | {kind: 'type'; text: string}
  | {kind: 'insert'; fragment: Fragment}
  /** Inserts the last kill; replaces a yanked kill by the one before it. */
  | {kind: 'yank' | 'yank-before'}
  /** Inserts the last word of an earlier command, of `ago` commands ago; replaces such a word that was just inserted. */
  | {kind: 'insert-word'; word: string; ago: number}
  | {kind: 'undo' | 'expand'}
  | {kind: 'replace-range'; start: number; end: number; text: string}
  /** Replaces the whole draft. */
  | {kind: 'replace'; fragment: Fragment}

/** A draft with its undo history and kill ring. */
export interface Editor {
  readonly draft: Draft
  /** Earlier drafts, oldest first. */
  readonly before: readonly Draft[]
  /** The kill ring, oldest first. */
  readonly kills: readonly Fragment[]
  /** The kind of the last edit, where it affects the next one. */
  readonly last: LastEdit
}

type LastEdit =
  | {kind: 'other'}
  | {kind: 'typed'; length: number}
  | {kind: 'killed'}
  /** The range of the yanked text, and how many kills ago it was killed. */
  | {kind: 'yanked'; start: number; end: number; ago: number}
  /** The range of a word of an earlier command. */
  | {kind: 'word'; start: number; end: number; ago: number}

export const emptyEditor: Editor = {draft: emptyDraft, before: [], kills: [], last: {kind: 'other'}}

/** Typing is undone in steps of this many UTF-16 units, as in readline. */
const typedAtOnce = 20
/** Bounds of the undo history and of the kill ring: entries, and UTF-16 units that each may hold. */
const maxSteps = 200
const maxKills = 20
const maxKeptLength = 16 * 1024 * 1024

/** Applies one edit. Pure. */
export function edit(editor: Editor, asked: Edit): Editor {
  const {draft, kills, last} = editor
  switch (asked.kind) {
    case 'move':
      return {...editor, draft: {...draft, cursor: moves[asked.move](draft)}, last: {kind: 'other'}}
    case 'delete': {
      const {deletion} = asked
      const {draft: next, cut} = cutTo(draft, deletions[deletion](draft))
      if (cut.text === '') return editor
      if (!deletion.startsWith('kill')) return changed(editor, next)
      const isBack = next.cursor < draft.cursor
      return {...changed(editor, next), kills: keepKill(kills, cut, {isBack, last}), last: {kind: 'killed'}}
    }
    case 'change-word': {
      const next = wordChanges[asked.change](draft)
      // A word that stays as it is takes no step of the undo history.
      return next.text === draft.text ? {...editor, draft: next, last: {kind: 'other'}} : changed(editor, next)
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
    case 'insert-word': {
      const {start, end} = last.kind === 'word' ? last : {start: draft.cursor, end: draft.cursor}
      const next = replaceRange(draft, start, end, fragmentOf(asked.word))
      const after = last.kind === 'word' ? {...editor, draft: next} : changed(editor, next)
      return {...after, last: {kind: 'word', start, end: next.cursor, ago: asked.ago}}
    }
    case 'undo': {
      const previous = editor.before.at(-1)
      if (previous === undefined) return editor
      return {...editor, draft: previous, before: editor.before.slice(0, -1), last: {kind: 'other'}}
    }
    case 'expand':
      return changed(editor, expandAtCursor(draft))
    case 'replace-range':
      return changed(editor, replaceRange(draft, asked.start, asked.end, fragmentOf(asked.text)))
    case 'replace':
      return changed(editor, {...asked.fragment, cursor: asked.fragment.text.length})
  }
}

/** An empty editor with the same kill ring. Pure. */
export function clear({kills}: Editor): Editor {
  return {...emptyEditor, kills}
}

function changed(editor: Editor, draft: Draft): Editor {
  if (draft === editor.draft) return editor
  const before = withinBounds([...editor.before, editor.draft], maxSteps)
  return {...editor, draft, before, last: {kind: 'other'}}
}

/** Consecutive kills are joined in the order of the text. */
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
  const draft = replaceRange(editor.draft, start, end, kill)
  const after = ago === 0 && start === end ? changed(editor, draft) : {...editor, draft}
  return {...after, last: {kind: 'yanked', start, end: draft.cursor, ago}}
}

/** The newest entries within both bounds. */
function withinBounds<Kept extends Fragment>(kept: readonly Kept[], maxCount: number): readonly Kept[] {
  let length = 0
  const from = kept.findLastIndex((each) => (length += each.text.length) > maxKeptLength)
  return kept.slice(Math.max(from + 1, kept.length - maxCount))
}
