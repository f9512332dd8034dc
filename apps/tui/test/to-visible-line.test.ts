import {expect, test} from 'vitest'

import {toPlainLine, toPlainLines, toVisibleLine} from '../src/to-visible-line.ts'

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

test.each([
  ['text as it is', '  汉字 \u{1f980} ', '  汉字 \u{1f980} '],
  ['without colours', `${red}no${reset}`, 'no'],
  ['all of what a terminal would overwrite', 'rm -rf ~\rls', 'rm -rf ~ ls'],
  ['as one line', 'one\ntwo\r\nthree\tfour', 'one two three four'],
  ['without what turns the order of letters', 'a\u202eb\u2066c\u2069\u200f', 'abc\u200f'],
  ['without what a terminal obeys', 'a\u001b]0;mine\u0007b\u001b[2Jc\u0007\u001b\u009b2J\u0000', 'abc'],
])('a text of others is shown %s', (_what, text, shown) => {
  expect(toPlainLine(text)).toBe(shown)
})

test('a text of others keeps its lines where lines are shown', () => {
  expect(toPlainLines(`cat <<E\r\n  ${red}a\rb\nE`)).toEqual(['cat <<E', '  a', 'b', 'E'])
})
