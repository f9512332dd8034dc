import {decode} from 'fast-png'
import {expect, test} from 'vitest'

import {drawPicture, drawPng, type PictureScreen, type PictureSpan} from '../src/index.ts'

const cell = {width: 17, height: 33, left: 34, top: 66} as const
const dark = [22, 24, 29, 255]
const foreground = [214, 217, 224, 255]

const draw = async (spans: PictureSpan[], rest: Partial<PictureScreen> = {}) => {
  const {width, height, data, channels} = decode(await drawPng({cols: 10, rows: 2, lines: [{spans}], ...rest}))
  expect(channels).toBe(4)
  const pixel = (x: number, y: number) => [...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 4)]
  /** The colours of a cell, without those between text and background. */
  const colorsOf = (row: number, col: number) => {
    const found = new Set<string>()
    for (let y = 0; y < cell.height; y++)
      for (let x = 0; x < cell.width; x++)
        found.add(String(pixel(cell.left + col * cell.width + x, cell.top + row * cell.height + y)))
    return found
  }
  return {width, height, pixel, colorsOf}
}

test('draws two pixels for each of the SVG, opaque, and each cell in its colours', async () => {
  const picture = await draw([
    {text: '  ', cells: 2, background: '#0a141e'},
    {text: '█', cells: 1, color: '#c86432'},
    {text: 'M', cells: 1},
  ])
  expect([picture.width, picture.height]).toEqual([238, 165])
  expect(picture.colorsOf(0, 0)).toEqual(new Set(['10,20,30,255']))
  expect(picture.colorsOf(0, 2)).toContain('200,100,50,255')
  expect(picture.colorsOf(0, 3)).toContain(String(foreground))
  expect(picture.colorsOf(0, 3)).toContain(String(dark))
  expect(picture.colorsOf(1, 0)).toEqual(new Set([String(dark)]))
  expect(picture.pixel(0, 0)).toEqual(dark)
})

test('box drawing, blocks, arrows, check marks and braille are in the fonts', async () => {
  const missing = await draw([{text: '\u{1fb00}', cells: 1}])
  const shape = ({pixel}: typeof missing) =>
    Array.from({length: cell.height * cell.width}, (_, index) =>
      pixel(cell.left + (index % cell.width), cell.top + Math.floor(index / cell.width)),
    ).join(' ')
  for (const text of '│╭█▌→✓✗⠹●ℹéЖ') expect(shape(await draw([{text, cells: 1}])), text).not.toBe(shape(missing))
})

test('vertical lines and blocks of neighbouring rows meet, also where two bands do', async () => {
  const rows = 120
  for (const text of ['│', '█']) {
    const lines = Array.from({length: rows}, () => ({spans: [{text, cells: 1}]}))
    const {pixel} = await draw([], {cols: 100, rows, lines})
    const middle = Array.from({length: rows * cell.height}, (_, y) => String(pixel(cell.left + 8, cell.top + y)))
    expect(new Set(middle), text).toEqual(new Set([String(foreground)]))
  }
})

test('a picture with too many pixels is drawn smaller', async () => {
  const picture = decode(await drawPng({cols: 200, rows: 50, lines: []}, {maxPixels: 1_200_000}))
  expect(picture.width * picture.height).toBeLessThan(1_200_000)
  expect(picture.width / picture.height).toBeCloseTo(1734 / 874.5, 2)
})

test('the theme sets the colours, and the format what is drawn', async () => {
  const screen = {cols: 10, rows: 1, lines: []}
  const light = decode(await drawPicture(screen, {theme: 'light'}))
  expect([...light.data.subarray(0, 4)]).toEqual([251, 251, 250, 255])
  expect(String(await drawPicture({...screen, title: 'vim <a>'}, {format: 'svg'}))).toContain(
    '<title>vim &lt;a&gt;</title>',
  )
})
