import * as fc from 'fast-check'
import {expect, test} from 'vitest'

import {createPasteReader} from '../src/keys/paste-reader.ts'

/** What comes out when this comes in these pieces: keys as they are, pastes in brackets, and what Ink gets as their mark. */
function read(pieces: readonly string[], maxLength = 100): {out: string; marks: string[]} {
  let out = ''
  const marks: string[] = []
  const reader = createPasteReader({
    maxLength,
    onKeys: (text) => (out += text),
    onPaste(paste, startMark) {
      out += paste.kind === 'text' ? `[${paste.text}]` : `[${paste.length} too long]`
      marks.push(startMark)
    },
  })
  for (const piece of pieces) reader.take(piece)
  return {out, marks}
}

const start = '\u001b[200~'
const end = '\u001b[201~'

test('keys and pastes are in order', () => {
  expect(read([`a${start}one\rtwo${end}b${start}${end}\r`]).out).toBe('a[one\rtwo]b[]\r')
})

test('keys that may start a paste are not held back', () => {
  expect(read(['\u001b']).out).toBe('\u001b')
  expect(read(['\u001b[', 'A']).out).toBe('\u001b[A')
})

test('the part of the start sequence that went on as keys is not repeated', () => {
  const {out, marks} = read(['\u001b[2', `00~text${end}`])
  expect(out).toBe('\u001b[2[text]')
  expect(marks).toEqual(['00~'])
})

test('a paste that is too long is counted, and the keys after it arrive', () => {
  expect(read([`${start}${'x'.repeat(80)}`, `${'x'.repeat(80)}${end}ls`]).out).toBe('[160 too long]ls')
})

test('the result does not depend on how the input is split', () => {
  const whole = `a\u001b[A${start}p\u001b[20x\u001b${end}\u001bb${start}${'x'.repeat(101)}${end}z`
  fc.assert(
    fc.property(fc.array(fc.nat({max: whole.length})), (cuts) => {
      const places = [0, ...cuts.sort((first, second) => first - second), whole.length]
      const pieces = places.slice(1).map((place, index) => whole.slice(places[index], place))
      // A begin of a mark went on with the keys; the rest of it comes with the paste.
      const {out, marks} = read(pieces)
      const [first = '', second = ''] = marks.map((mark) => start.slice(0, start.length - mark.length))
      expect(out).toBe(`a\u001b[A${first}[p\u001b[20x\u001b]\u001bb${second}[101 too long]z`)
    }),
  )
})
