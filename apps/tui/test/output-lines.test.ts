import {expect, test} from 'vitest'

import {createOutputLines} from '../src/screen/output-lines.ts'

const red = '\u001b[31m'
const reset = '\u001b[0m'

test('gives lines as they are finished, whatever the pieces', () => {
  const lines = createOutputLines()
  expect(lines.add('one\r')).toEqual([])
  expect(lines.add('\ntwo\r\nth')).toEqual(['one', 'two'])
  expect(lines.unfinished).toBe('th')
  expect(lines.add('ree')).toEqual([])
  expect(lines.flush()).toEqual(['three'])
  expect(lines.flush()).toEqual([])
})

test('an escape that is cut in two is obeyed or left out as a whole', () => {
  const lines = createOutputLines()
  expect(lines.add('\u001b[3')).toEqual([])
  expect(lines.add('1mred\u001b[2')).toEqual([])
  expect(lines.add('J\n')).toEqual([`${red}red${reset}`])
})

test('a line without an end is cut, so that what waits is bounded', () => {
  const lines = createOutputLines()
  const cut = Array.from({length: 10}, () => lines.add('x'.repeat(10_000))).flat()
  expect(cut.join('') + lines.unfinished).toBe('x'.repeat(100_000))
  expect(lines.unfinished.length).toBeLessThanOrEqual(32_768)
})

test.each([
  ['a colour', '\u001b[38;2;10;20;30m', ''],
  ['a title', '\u001b]0;a title\u001b\\', ''],
  ['an emoji of two units', '\u{1f980}', '\u{1f980}'],
  ['a family of several', '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}', '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}'],
  ['a letter with its accent', 'e\u0301', 'e\u0301'],
])('a line that is cut is never cut through %s', (_what, whole, shown) => {
  for (let before = 32_768 - whole.length; before <= 32_768; before++) {
    const lines = createOutputLines()
    const [piece = '', ...more] = lines.add('x'.repeat(before) + whole + 'y'.repeat(100))
    expect(more).toEqual([])
    const pieces = [piece, lines.unfinished].map((line) =>
      line.replaceAll('\u001b[38;2;10;20;30m', '').replaceAll(reset, ''),
    )
    expect(pieces.join('')).toBe('x'.repeat(before) + shown + 'y'.repeat(100))
    if (shown !== '') expect(pieces.filter((line) => line.includes(shown))).toHaveLength(1)
  }
})

test('an escape that is not finished where the line is cut goes with what follows', () => {
  const lines = createOutputLines()
  expect(lines.add(`${'x'.repeat(32_760)}\u001b]0;a title that`)).toEqual(['x'.repeat(32_760)])
  expect(lines.add(' goes on\u001b')).toEqual([])
  expect(lines.add('\\y\n')).toEqual(['y'])
})

test('an escape that never ends does not keep a line from being cut', () => {
  const lines = createOutputLines()
  const cut = Array.from({length: 10}, () => lines.add(`\u001b]0;${'x'.repeat(10_000)}`)).flat()
  expect(cut.length).toBeGreaterThan(0)
})
