import {expect, test} from 'vitest'

import {createOutputLines, toVisibleLine} from '../src/screen/output-lines.ts'

const red = '\u001b[31m'
const reset = '\u001b[0m'

test.each([
  ['text as it is', 'hello', 'hello'],
  ['colours, closed at the end', `${red}no`, `${red}no${reset}`],
  ['true colours', '\u001b[38;2;1;2;3mx', `\u001b[38;2;1;2;3mx${reset}`],
  ['a line that was overwritten: what is there at last', '10%\r50%\r100%', '100%'],
  ["the terminal's own line end", 'hello\r', 'hello'],
  ['a tab', 'a\tb', 'a\tb'],
  ['wide characters and emoji', '汉字 \u{1f980}', '汉字 \u{1f980}'],
])('keeps %s', (_what, raw, visible) => {
  expect(toVisibleLine(raw)).toBe(visible)
})

test.each([
  ['moves of the cursor', 'a\u001b[2Ab\u001b[10;10Hc', 'abc'],
  ['clearing of the screen', '\u001b[2J\u001b[3Jx', 'x'],
  ['a new title', '\u001b]0;mine\u0007x', 'x'],
  ['writing to the clipboard', '\u001b]52;c;aGk=\u001b\\x', 'x'],
  ['modes', '\u001b[?1049h\u001b[?1000hx', 'x'],
  ['a bell, a backspace, and other controls', 'a\u0007\b\u0000\u007fb', 'ab'],
  ['controls of one 8-bit character', '\u009b2Jx\u0085', 'x'],
  ['a full reset', '\u001bcx', 'x'],
  ['an escape that leads to nothing', 'x\u001b', 'x'],
])('leaves out %s', (_what, raw, visible) => {
  expect(toVisibleLine(raw)).toBe(visible)
})

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
