import {expect, test} from 'vitest'

import {editText, type Draft, type Edit} from '../src/screen/edit-text.ts'

/** A draft as text, with `|` where the cursor is. */
function draft(text: string): Draft {
  return {text: text.replace('|', ''), cursor: text.indexOf('|')}
}

function shown({text, cursor}: Draft): string {
  return `${text.slice(0, cursor)}|${text.slice(cursor)}`
}

test.each<[string, Edit, string]>([
  ['ab|cd', {kind: 'insert', text: 'X'}, 'abX|cd'],
  ['ab|cd', {kind: 'delete-back'}, 'a|cd'],
  ['|ab', {kind: 'delete-back'}, '|ab'],
  ['ab|cd', {kind: 'delete-forward'}, 'ab|d'],
  ['ab|', {kind: 'delete-forward'}, 'ab|'],
  ['git commit  |-m', {kind: 'delete-word'}, 'git |-m'],
  ['ab|cd', {kind: 'delete-to-start'}, '|cd'],
  ['ab|cd', {kind: 'delete-to-end'}, 'ab|'],
  ['ab|cd', {kind: 'left'}, 'a|bcd'],
  ['|ab', {kind: 'left'}, '|ab'],
  ['ab|cd', {kind: 'right'}, 'abc|d'],
  ['ab|', {kind: 'right'}, 'ab|'],
  ['ab|cd', {kind: 'start'}, '|abcd'],
  ['ab|cd', {kind: 'end'}, 'abcd|'],
  ['ab|cd', {kind: 'replace', text: 'ls'}, 'ls|'],
  ['ab|cd', {kind: 'prepend', text: 'ls'}, 'lsab|cd'],
  ['|', {kind: 'prepend', text: 'ls'}, 'ls|'],
])('%s %o → %s', (before, edit, after) => {
  expect(shown(editText(draft(before), edit))).toBe(after)
})

test.each([
  ['an emoji of two units', 'a\u{1f980}|b', 'a|b'],
  ['a family of seven', '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}|', '|'],
  ['a letter with an accent of its own', 'cafe\u0301|', 'caf|'],
])('%s is one character', (_what, before, after) => {
  expect(shown(editText(draft(before), {kind: 'delete-back'}))).toBe(after)
})
