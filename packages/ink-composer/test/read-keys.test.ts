import type {Key} from 'ink'
import {expect, test} from 'vitest'

import {readKeys, readPaste, type KeyPress} from '../src/keys/read-keys.ts'

const noKey = {ctrl: false, meta: false, escape: false, tab: false} as Key

/** A key by its name, text in quotes. */
function inShort(key: KeyPress): string {
  return key.kind === 'text' ? JSON.stringify(key.text) : key.name
}

test.each([
  ['ls -l', ['"ls -l"']],
  ['\u0015make', ['ctrl-u', '"make"']],
  ['\u0001\u000b', ['ctrl-a', 'ctrl-k']],
  ['one\u0017two\rthree', ['"one"', 'ctrl-w', '"two"', 'enter', '"three"']],
  ['a\u007fb\u0008\u0003', ['"a"', 'backspace', '"b"', 'backspace', 'ctrl-c']],
  ['one\ntwo\t', ['"one"', 'ctrl-j', '"two"', 'tab']],
  ['a\u001fb\u0085c', ['"a"', 'ctrl-_', '"b"', '"c"']],
])('several keys in one event: %j', (input, keys) => {
  expect(readKeys(input, noKey).map(inShort)).toEqual(keys)
})

// Ink reports Ctrl-H, Ctrl-I, Ctrl-J and Ctrl-M by the names of other keys.
test.each('abcdefgklnopqrstuvwxyz_'.split(''))('Ctrl-%s alone is the same key as inside text', (letter) => {
  const together = readKeys(`${String.fromCharCode(letter.charCodeAt(0) & 0x1f)}x`, noKey)
  expect([...readKeys(letter, {...noKey, ctrl: true}), {kind: 'text', text: 'x'}]).toEqual(together)
})

test.each<[Partial<Key>, string, string[]]>([
  [{upArrow: true}, '', ['up']],
  [{leftArrow: true, ctrl: true}, '', ['ctrl-left']],
  [{return: true}, '', ['enter']],
  [{return: true, meta: true}, '', ['alt-enter']],
  [{return: true, shift: true}, '', ['shift-enter']],
  [{backspace: true, meta: true}, '', ['alt-backspace']],
  [{tab: true}, '', ['tab']],
  [{tab: true, shift: true}, '', ['shift-tab']],
  [{escape: true, meta: true}, '', ['escape']],
  [{meta: true}, 'b', ['alt-b']],
  [{meta: true}, '', []],
  [{upArrow: true, eventType: 'release'}, '', []],
])('a named key: %j', (key, input, keys) => {
  expect(readKeys(input, {...noKey, ...key}).map(inShort)).toEqual(keys)
})

test('a paste gets back the line breaks that the terminal sent as Enter', () => {
  expect(readPaste('if x\r\n\tthen\u0015 y\u001b[31m\rfi\n')).toBe('if x\n\tthen\u0015 y\u001b[31m\nfi\n')
})
