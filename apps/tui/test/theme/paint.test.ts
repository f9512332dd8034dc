import {expect, test} from 'vitest'

import {createPaint} from '../../src/theme/paint.ts'
import {sixteenColors} from '../../src/theme/themes.ts'

const theme = {...sixteenColors, accent: {color: '#ff8700', background: 'brightBlue', bold: true}} as const

test.each([
  [24, '\u001b[1;38;2;255;135;0;104mtext\u001b[22;39;49m'],
  [8, '\u001b[1;38;5;214;104mtext\u001b[22;39;49m'],
  [4, '\u001b[1;93;104mtext\u001b[22;39;49m'],
  [1, '\u001b[1mtext\u001b[22m'],
] as const)('a terminal with colours of %d bits gets the nearest ones that it has', (depth, drawn) => {
  expect(createPaint(theme, depth)('accent', 'text')).toBe(drawn)
})

test('the selected row is marked without colours, too', () => {
  expect(createPaint(theme, 1)('selection', 'row')).toBe('\u001b[7mrow\u001b[27m')
})

test('nothing is drawn for an empty text', () => {
  expect(createPaint(theme, 24)('accent', '')).toBe('')
})
