import {encode} from 'uqr'
import {expect, test} from 'vitest'

import {drawQrCode} from '../../src/cli/commands/serve/draw-qr-code.ts'

const link = 'https://desk.example.org/#pair=K7QD-2M9X'

test('a QR code has all modules, black on white in any theme, with a margin of 4', () => {
  const {lines, cols} = drawQrCode(link)
  const {data} = encode(link, {border: 4})
  expect(cols).toBe(data.length)
  const texts = lines.map((line) => {
    const [before, after] = ['\u001B[38;5;16;48;5;231m', '\u001B[0m']
    expect(line.startsWith(before) && line.endsWith(after)).toBe(true)
    const cells = line.slice(before.length, -after.length).split('')
    expect(cells).toHaveLength(cols)
    return cells
  })
  const drawn = texts.flatMap((cells) => [cells.map(isTop), cells.map(isBottom)])
  expect(drawn.slice(0, cols)).toEqual(data)
  expect(drawn.slice(0, 4).flat()).not.toContain(true)
  expect(drawn.slice(-4).flat()).not.toContain(true)
})

const isTop = (cell: string) => cell === '█' || cell === '▀'
const isBottom = (cell: string) => cell === '█' || cell === '▄'

test('the code of a URL fits into a terminal of 80×24, with five lines below it', () => {
  const {lines, cols} = drawQrCode(link)
  expect(cols).toBeLessThanOrEqual(80)
  expect(lines.length).toBeLessThanOrEqual(19)
})
