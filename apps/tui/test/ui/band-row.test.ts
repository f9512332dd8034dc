import {expect, test} from 'vitest'

import {createPaint} from '../../src/theme/paint.ts'
import {sixteenColors, withoutColors} from '../../src/theme/themes.ts'
import {bandRow} from '../../src/ui/live/band-row.ts'

const paint = createPaint({...sixteenColors, band: {background: '#2b303b'}}, 24)
const band = '\u001b[48;2;43;48;59m'

test('a row is as wide as the terminal, and what resets the background does not end the band', () => {
  expect(bandRow('❯ ls', 8, paint)).toBe(`${band}❯ ls    \u001b[49m`)
  expect(bandRow('\u001b[1mdir\u001b[0m$ \u001b[41mx\u001b[49m', 8, paint)).toBe(
    `${band}\u001b[1mdir\u001b[0m${band}$ \u001b[41mx\u001b[49m${band}  \u001b[49m`,
  )
  expect(bandRow('日本', 3, paint)).toBe(`${band}日本\u001b[49m`)
})

test('without a band, the row stays as it is', () => {
  for (const theme of [sixteenColors, withoutColors])
    expect(bandRow('\u001b[1m❯\u001b[22m ls', 8, createPaint(theme, 24))).toBe('\u001b[1m❯\u001b[22m ls')
})
