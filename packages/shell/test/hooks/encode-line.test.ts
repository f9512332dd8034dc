import {expect, test} from 'vitest'

import {encodeLine, findUntypable} from '../../src/hooks/encode-line.ts'

const UNTYPABLE = ['\0', '\x03', '\x11', '\x13', '\x1a', '\x1c']
const keys = (line: string, discard = false): string => Buffer.from(encodeLine(line, {discard})).toString()

test('a line is one bracketed paste and Enter', () => {
  expect(keys('echo "a\tb!"')).toBe('\x1b[200~echo "a\tb!"\x1b[201~\r')
})

test('an empty line is Enter alone', () => {
  expect(keys('')).toBe('\r')
})

test('types characters that would act inside a paste quoted, outside of it', () => {
  expect(keys('a\rb\x1b[201~c')).toBe('\x1b[200~a\x1b[201~\x16\r\x1b[200~b\x1b[201~\x16\x1b\x1b[200~[201~c\x1b[201~\r')
})

test('discards earlier text of the line on demand', () => {
  expect(keys('ls', true)).toBe('\x15\x1b[200~ls\x1b[201~\r')
})

test.each(UNTYPABLE)('%j cannot be typed', (character) => {
  expect(findUntypable(`é${character}`)).toBe(1)
})

test('any other character can be typed', () => {
  const all = Array.from({length: 256}, (_, code) => String.fromCharCode(code))
  expect(findUntypable(all.filter((character) => !UNTYPABLE.includes(character)).join(''))).toBeUndefined()
})
