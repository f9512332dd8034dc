import {expect, test} from 'vitest'

import {createDetachKeyFinder} from '../src/detach-key.ts'

test.each([
  ['a control character', 'ab\x0fcd', 'ab'],
  ['as kitty says it', 'ab\x1b[111;5u', 'ab'],
  ['as kitty says it with caps lock, and the kind of the event', '\x1b[111;69:1u', ''],
  ['as xterm says it', '\x1b[27;5;111~', ''],
])('Ctrl-O is found: %s', (_, keys, forProgram) => {
  expect(createDetachKeyFinder({character: 'o', presses: 1}).feed(keys)).toEqual({forProgram, isPressed: true})
})

test.each([
  ['another key', '\x10o\x1bo'],
  ['another key as kitty says it', '\x1b[112;5u\x1b[111;6u'],
  ['its release', '\x1b[111;5:3u'],
  ['a paste', '\x1b[200~a\x0fb\x1b[201~'],
])('%s is for the program', (_, keys) => {
  expect(createDetachKeyFinder({character: 'o', presses: 1}).feed(keys)).toEqual({forProgram: keys, isPressed: false})
})

test('a paste may span several reads', () => {
  const finder = createDetachKeyFinder({character: 'o', presses: 1})
  expect(finder.feed('\x1b[200~a').isPressed).toBe(false)
  expect(finder.feed('\x0f').isPressed).toBe(false)
  expect(finder.feed('\x1b[201~\x0f')).toEqual({forProgram: '\x1b[201~', isPressed: true})
})

const twice = () => createDetachKeyFinder({character: '\\', presses: 2})

test.each([
  ['at once', ['ab\x1c\x1ccd'], 'ab'],
  ['one after the other', ['\x1c', '\x1c'], ''],
  ['as kitty says it, with the release', ['\x1b[92;5u\x1b[92;5:3u', '\x1b[92;5u'], ''],
  ['as xterm says it', ['\x1b[27;5;92~', '\x1b[27;5;92~'], ''],
])('Ctrl-\\ twice is found: %s', (_, reads, forProgram) => {
  const finder = twice()
  const found = reads.map((read) => finder.feed(read))
  expect(found.map((each) => each.forProgram).join('')).toBe(forProgram)
  expect(found.at(-1)?.isPressed).toBe(true)
})

test('Ctrl-\\ once is for the program: with the next key, or when no other comes in time', () => {
  const finder = twice()
  expect(finder.feed('\x1c')).toEqual({forProgram: '', isPressed: false})
  expect(finder.isHeld).toBe(true)
  expect(finder.feed('\x0e')).toEqual({forProgram: '\x1c\x0e', isPressed: false})
  expect(finder.isHeld).toBe(false)
  expect(finder.feed('a\x1cb\x1cc')).toEqual({forProgram: 'a\x1cb\x1cc', isPressed: false})
  finder.feed('\x1c')
  expect([finder.release(), finder.isHeld, finder.release()]).toEqual(['\x1c', false, ''])
  const paste = '\x1b[200~\x1c\x1c\x1b[201~'
  expect(finder.feed(paste)).toEqual({forProgram: paste, isPressed: false})
})
