import {expect, test} from 'vitest'

import {textBytes} from '../src/index.ts'

test('counts the bytes of any text as JSON in UTF-8 has them', () => {
  const units = Array.from({length: 0x10000}, (_, unit) => unit)
  const wrong = units.filter((unit) => textBytes(String.fromCharCode(unit)) !== jsonBytes(String.fromCharCode(unit)))
  expect(wrong).toEqual([])
})

test.each([
  '',
  'ls -l\n',
  '"\\',
  '文字',
  '😀',
  '\ud83d',
  'a\ude00b',
  '\ud83d\ud83d\ude00',
  '\u0000\u001b[0m\u007f\u2028',
])('counts %j', (text) => expect(textBytes(text)).toBe(jsonBytes(text)))

function jsonBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text)) - 2
}
