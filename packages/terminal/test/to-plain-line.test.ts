import {expect, test} from 'vitest'

import {toListLine, toPlainLine, toPlainLines} from '../src/plain/to-plain-line.ts'

const red = '\u001b[31m'
const reset = '\u001b[0m'

test.each([
  ['text as it is', '  汉字 \u{1f980} ', '  汉字 \u{1f980} '],
  ['without colours', `${red}no${reset}`, 'no'],
  ['all of what a terminal would overwrite', 'rm -rf ~\rls', 'rm -rf ~ ls'],
  ['as one line', 'one\ntwo\r\nthree\tfour', 'one two three four'],
  ['without what turns the order of letters', 'a\u202eb\u2066c\u2069\u200f', 'abc\u200f'],
  ['without what a terminal obeys', 'a\u001b]0;mine\u0007b\u001b[2Jc\u0007\u001b\u009b2J\u0000', 'abc'],
])('untrusted text is shown %s', (_what, text, shown) => {
  expect(toPlainLine(text)).toBe(shown)
})

test.each([
  ['for i in 1 2\r\ndo\r\n  make $i\r\ndone\r\n', 'for i in 1 2 ⏎ do ⏎ make $i ⏎ done'],
  [`\n\n${red}ls${reset}\t-l\n`, 'ls -l'],
  ['a'.repeat(2000), 'a'.repeat(1000)],
])('a text of several lines is one line of a list', (text, shown) => {
  expect(toListLine(text)).toBe(shown)
})

test('untrusted text keeps its lines in `toPlainLines`', () => {
  expect(toPlainLines(`cat <<E\r\n  ${red}a\rb\nE`)).toEqual(['cat <<E', '  a', 'b', 'E'])
})
