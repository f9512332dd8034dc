import {expect, test} from 'vitest'

import {createDetachKeyFinder} from '../src/detach-key.ts'

test.each([
  ['a control character', 'ab\x0fcd', 'ab'],
  ['as kitty says it', 'ab\x1b[111;5u', 'ab'],
  ['as kitty says it with caps lock, and the kind of the event', '\x1b[111;69:1u', ''],
  ['as xterm says it', '\x1b[27;5;111~', ''],
])('Ctrl-O is found: %s', (_, keys, forProgram) => {
  expect(createDetachKeyFinder('o').feed(keys)).toEqual({forProgram, isPressed: true})
})

test.each([
  ['another key', '\x10o\x1bo'],
  ['another key as kitty says it', '\x1b[112;5u\x1b[111;6u'],
  ['its release', '\x1b[111;5:3u'],
  ['a paste', '\x1b[200~a\x0fb\x1b[201~'],
])('%s is for the program', (_, keys) => {
  expect(createDetachKeyFinder('o').feed(keys)).toEqual({forProgram: keys, isPressed: false})
})

test('a paste may span several reads', () => {
  const finder = createDetachKeyFinder('o')
  expect(finder.feed('\x1b[200~a').isPressed).toBe(false)
  expect(finder.feed('\x0f').isPressed).toBe(false)
  expect(finder.feed('\x1b[201~\x0f')).toEqual({forProgram: '\x1b[201~', isPressed: true})
})
