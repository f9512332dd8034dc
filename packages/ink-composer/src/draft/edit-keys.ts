import {fragmentOf} from './draft.ts'
import type {Deletion, Move} from './edit.ts'
import type {Edit} from './editor.ts'
import type {WordChange} from './word-changes.ts'

const move = (to: Move): Edit => ({kind: 'move', move: to})
const remove = (deletion: Deletion): Edit => ({kind: 'delete', deletion})
const changeWord = (change: WordChange): Edit => ({kind: 'change-word', change})
const newLine: Edit = {kind: 'insert', fragment: fragmentOf('\n')}

/** The editing keys, as in readline. */
export const editKeys: Readonly<Record<string, Edit>> = {
  left: move('left'),
  'ctrl-b': move('left'),
  right: move('right'),
  'ctrl-f': move('right'),
  'ctrl-left': move('word-left'),
  'alt-left': move('word-left'),
  'alt-b': move('word-left'),
  'ctrl-right': move('word-right'),
  'alt-right': move('word-right'),
  'alt-f': move('word-right'),
  home: move('line-start'),
  'ctrl-a': move('line-start'),
  end: move('line-end'),
  'ctrl-e': move('line-end'),
  'ctrl-home': move('text-start'),
  'alt-<': move('text-start'),
  'ctrl-end': move('text-end'),
  'alt->': move('text-end'),
  backspace: remove('delete-back'),
  'shift-backspace': remove('delete-back'),
  delete: remove('delete-forward'),
  'ctrl-d': remove('delete-forward'),
  'ctrl-w': remove('kill-blank-word-back'),
  'alt-backspace': remove('kill-word-back'),
  'ctrl-backspace': remove('kill-word-back'),
  'alt-d': remove('kill-word'),
  'ctrl-delete': remove('kill-word'),
  'alt-delete': remove('kill-word'),
  'ctrl-u': remove('kill-to-start'),
  'ctrl-k': remove('kill-to-end'),
  'alt-u': changeWord('upper'),
  'alt-l': changeWord('lower'),
  'alt-c': changeWord('capital'),
  'alt-t': changeWord('transpose'),
  'ctrl-y': {kind: 'yank'},
  'alt-y': {kind: 'yank-before'},
  'ctrl-_': {kind: 'undo'},
  'alt-enter': newLine,
  'shift-enter': newLine,
  'ctrl-enter': newLine,
  'ctrl-j': newLine,
}
