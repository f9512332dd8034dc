import {expect, test} from 'vitest'

import {toJsonLine} from '../src/index.ts'

test('a terminal obeys nothing in it: all controls and bidirectional controls are escaped', () => {
  const text = String.fromCharCode(...Array.from({length: 0x2100}, (_, unit) => unit))
  const line = toJsonLine({[text]: [text]})
  // oxlint-disable-next-line no-control-regex -- these are what must not be there
  expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/)
  expect(JSON.parse(line)).toEqual({[text]: [text]})
  expect(toJsonLine({title: '\u009b31m\u202eexe'})).toBe('{"title":"\\u009b31m\\u202eexe"}')
})

test('other text stays as it is', () => {
  const value = {text: 'ä 文 😀 "quoted" \\', missing: undefined, list: [1, null]}
  expect(toJsonLine(value)).toBe(JSON.stringify(value))
})
