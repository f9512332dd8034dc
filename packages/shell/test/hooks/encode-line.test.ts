import {expect, test} from 'vitest'

import {encodeLine, findUntypable} from '../../src/hooks/encode-line.ts'

const UNTYPABLE = ['\0', '\x03', '\x11', '\x13', '\x1a', '\x1c']
const keys = (line: string, discard = false): string => Buffer.from(encodeLine(line, {discard})).toString()

test('a line is one bracketed paste and Enter, by keys of our own', () => {
  expect(keys('echo "a\tb!"')).toBe('\x1b[7133~echo "a\tb!"\x1b[201~\x1b[7137~')
})

test('an empty line is Enter after keys of which a byte may be lost', () => {
  expect(keys('')).toBe('\x1b[7139~\x1b[7139~\x1b[7137~')
})

test('types characters that would act inside a paste quoted, outside of it', () => {
  expect(keys('a\rb\x1b[201~c')).toBe(
    [
      '\x1b[7133~a\x1b[201~\x1b[7138~\r',
      '\x1b[7133~b\x1b[201~\x1b[7138~\x1b',
      '\x1b[7133~[201~c\x1b[201~\x1b[7137~',
    ].join(''),
  )
})

test('discards earlier text of the line on demand', () => {
  expect(keys('ls', true)).toBe('\x1b[7139~\x1b[7139~\x1b[7133~ls\x1b[201~\x1b[7137~')
})

test.each(UNTYPABLE)('%j cannot be typed', (character) => {
  expect(findUntypable(`é${character}`)).toBe(1)
})

test('any other character can be typed', () => {
  const all = Array.from({length: 256}, (_, code) => String.fromCharCode(code))
  expect(findUntypable(all.filter((character) => !UNTYPABLE.includes(character)).join(''))).toBeUndefined()
})
