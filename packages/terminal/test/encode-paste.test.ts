import {expect, test} from 'vitest'

import {encodePaste} from '../src/index.ts'

test('a paste has Enter for each line end, and marks where the program has asked for them', () => {
  expect(encodePaste('one\ntwo\r\nthree\r', {isBracketed: false})).toBe('one\rtwo\rthree\r')
  expect(encodePaste('one\ntwo', {isBracketed: true})).toBe('\u001b[200~one\rtwo\u001b[201~')
})

test.each([
  ['\u001b[201~', '␛[201~'],
  ['\u009b201~', '␛201~'],
  ['\u001b\u001b[201~[201~', '\u001b␛[201~[201~'],
  ['\u001b[31mred', '\u001b[31mred'],
])('%j in a text does not end a bracketed paste', (text, sent) => {
  expect(encodePaste(text, {isBracketed: true})).toBe(`\u001b[200~${sent}\u001b[201~`)
})
