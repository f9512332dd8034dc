import {expect, test} from 'vitest'

import {readTyped} from '../src/keys/typed-text.ts'

const read = (pieces: readonly string[], before = '') =>
  readTyped(
    pieces.map((piece) => Buffer.from(piece)),
    Buffer.from(before),
  )

test.each([
  ['an arrow', ['a\u001b[Ab']],
  ['an arrow of application mode', ['a\u001bOAb']],
  ['an X10 mouse report', ['a\u001b[M !!b']],
  ['Alt and a letter', ['a\u001bxb']],
  ['a colour', ['a\u001b]11;rgb:0000/0000/0000\u001b\\b']],
  ['a colour that is cut', ['a\u001b]11;rgb:00', '00/0000/0000\u001b\\b']],
  ['a position that is cut', ['a\u001b[24;', '80Rb']],
  ['an arrow that is cut', ['a\u001b', '[Ab']],
  ['Esc before the next key', ['a\u001b', 'b']],
  ['a colour without its end', ['ab\u001b]11;rgb:0000/']],
  ['a sequence without its end', ['ab\u001b[24;8']],
  ['other control characters', ['a\u0001\u0010b\u001b']],
])('%s is no text', (_, pieces) => {
  expect(read(pieces)).toBe('ab')
})

test.each([
  ['a colour', 'x\u001b]11;rgb:00', '00/0000/0000\u001b\\ab'],
  ['an arrow', 'x\u001bO', 'Aab'],
  ['a mouse report', '\u001b[M ', '!!ab'],
])('nor is the rest of %s that began in what was read before', (_, before, rest) => {
  expect(read([rest], before)).toBe('ab')
})

test('what was read before is no part of the text', () => {
  expect(read(['ls'], 'secret\r')).toBe('ls')
})

test('Enter is a line break, except at both ends, also in a paste', () => {
  expect(read(['\r', 'one\rtwo', '\r'])).toBe('one\ntwo')
  expect(read(['a', '\r', '\u001b[200~b\rc\u001b[201~', '\r'])).toBe('a\nb\nc')
})

test('Backspace deletes a character, Ctrl-C drops the text', () => {
  expect(read(['sudo\u0003', 'lss😀\u007f\u007f'])).toBe('ls')
})

test('characters that are cut are whole', () => {
  const bytes = Buffer.from('grün')
  expect(readTyped([bytes.subarray(0, 3), bytes.subarray(3)], new Uint8Array())).toBe('grün')
})
