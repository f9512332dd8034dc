import {expect, test} from 'vitest'

import {screenText} from '../src/index.ts'

const row = (text: string, cells: number) => ({spans: [{text, cells}]})
const wrapped = (text: string, cells: number) => ({...row(text, cells), is_wrapped: true as const})

test('wrapped rows are one line, with the blanks between them', () => {
  expect(screenText({cols: 8, lines: [wrapped('expected', 8), row(' text', 5)]})).toBe('expected text\n')
  expect(screenText({cols: 8, lines: [wrapped('the', 3), row('end', 3), row('', 0)]})).toBe('the     end\n\n')
})

test('a wide character that did not fit into its row leaves no blank', () => {
  expect(screenText({cols: 5, lines: [wrapped('漢字', 4), row('漢', 2)]})).toBe('漢字漢\n')
})
