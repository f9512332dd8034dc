import type {Key} from 'ink'
import {expect, test} from 'vitest'

import {readKeys, readPaste, type Keystroke} from '../src/screen/read-keys.ts'

const noKey = {ctrl: false, meta: false, escape: false, tab: false} as Key

/** A keystroke as a word, an insertion as its text in quotes. */
function inShort(keystroke: Keystroke): string {
  return keystroke.kind === 'insert' ? JSON.stringify(keystroke.text) : keystroke.kind
}

test.each([
  ['ls -l', ['"ls -l"']],
  ['\u0015make', ['delete-to-start', '"make"']],
  ['\u0001\u000b', ['start', 'delete-to-end']],
  ['one\u0017two\rthree', ['"one"', 'delete-word', '"two"', 'submit', '"three"']],
  ['ab\u0002\u0002c\u0005d', ['"ab"', 'left', 'left', '"c"', 'end', '"d"']],
  ['a\u007fb\u0008\u0003', ['"a"', 'delete-back', '"b"', 'delete-back', 'interrupt']],
  ['one\ntwo', ['"one"', '"\\n"', '"two"']],
  ['a\u001db', ['"a"', 'open', '"b"']],
  ['a\u0000b\u000ec\td\u0085e', ['"a"', '"b"', '"c"', '"d"', '"e"']],
])('what came in one piece is read key by key: %j', (input, keystrokes) => {
  expect(readKeys(input, noKey).map(inShort)).toEqual(keystrokes)
})

// Of Ctrl-H, Ctrl-I, Ctrl-J and Ctrl-M, Ink tells by other names than these.
test.each('abcdefgklnopqrstuvwxyz'.split(''))('Ctrl-%s alone is what it is in one piece with text', (letter) => {
  const together = readKeys(`${String.fromCharCode(letter.charCodeAt(0) - 96)}x`, noKey)
  expect([...readKeys(letter, {...noKey, ctrl: true}), {kind: 'insert', text: 'x'}]).toEqual(together)
})

test.each<[Partial<Key>, string[]]>([
  [{upArrow: true}, ['up']],
  [{return: true}, ['submit']],
  [{backspace: true}, ['delete-back']],
  [{tab: true}, []],
  [{escape: true}, ['escape']],
  [{meta: true}, []],
])('a key that has a name is that key: %j', (key, keystrokes) => {
  expect(readKeys('', {...noKey, ...key}).map(inShort)).toEqual(keystrokes)
})

test('what is pasted stays text with its tabs and line ends, without what nobody would see', () => {
  expect(readPaste('if x\r\n\tthen\u0015 y\u001b[31m\rfi\u0000\u009b\n')).toBe('if x\n\tthen y[31m\nfi\n')
})
