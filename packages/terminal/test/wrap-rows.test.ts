import {expect, test} from 'vitest'

import {wrapRows} from '../src/rows.ts'

test.each<[text: string, columns: number, rows: string[]]>([
  ['one two three', 7, ['one two', 'three']],
  ['one two three', 8, ['one two', 'three']],
  ['漢字 漢字漢字 ab', 8, ['漢字', '漢字漢字', 'ab']],
  ['a 12345678 b', 5, ['a 123', '45678', 'b']],
  ['  one two\nthree four', 7, ['  one', '  two', 'three', 'four']],
  ['          a', 6, ['   a']],
  ['', 5, ['']],
])('%j is wrapped at words to rows of %i cells', (text, columns, rows) => {
  expect(wrapRows(text, columns)).toEqual(rows)
})

test('a word that is wider than a row can be left whole', () => {
  expect(wrapRows('to /a/long/path now', 6, {hard: false})).toEqual(['to', '/a/long/path', 'now'])
})
