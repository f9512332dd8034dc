import {Resvg} from '@resvg/resvg-js'
import * as fc from 'fast-check'
import {expect, test} from 'vitest'

import {drawSvg, type PictureScreen, type PictureSpan} from '../src/index.ts'

const screenOf = (spans: PictureSpan[], rest: Partial<PictureScreen> = {}): PictureScreen => ({
  cols: 40,
  rows: 1,
  lines: [{spans}],
  ...rest,
})

/** What is drawn of one row, a line each. */
const drawn = (spans: PictureSpan[], rest?: Partial<PictureScreen>) =>
  drawSvg([{screen: screenOf(spans, rest)}], {title: 'A test'})
    .split('\n')
    .filter((line) => line.includes('textLength') || line.includes('crispEdges'))
const styleOf = (line: string | undefined) => /Glyphs"([^>]*)>/.exec(line ?? '')?.[1]
const textOf = (line: string | undefined) => />(.*)<\/text>/u.exec(line ?? '')?.[1]

test('draws neighbours of one style as one text, other characters than ASCII apart, rules together', () => {
  const rows = drawn([
    {text: 'a b→→x', cells: 6},
    {text: 'red', cells: 3, color: 1},
  ])
  expect(rows.map((line) => [/x="([\d.]+)"/.exec(line)?.[1], textOf(line)])).toEqual([
    ['17', 'a b'],
    ['42.5', '→→'],
    ['59.5', 'x'],
    ['68', 'red'],
  ])
})

test('draws characters behind wide and combined ones in their columns', () => {
  const spans = [
    {text: '日本', cells: 4},
    {text: 'e\u0301', cells: 1},
    {text: 'x', cells: 1},
  ]
  const rows = drawn(spans)
  expect(rows.map((line) => [/x="([\d.]+)"/.exec(line)?.[1], textOf(line)])).toEqual([
    ['17', '日'],
    ['34', '本'],
    ['51', 'e\u0301'],
    ['59.5', 'x'],
  ])
})

test('draws the 16 named colours from the theme, other colours as they are', () => {
  const colors = [1, 196, 244, '#010203'] as const
  expect(colors.map((color) => styleOf(drawn([{text: 'x', cells: 1, color}])[0]))).toEqual([
    ' fill="var(--c1)"',
    ' fill="#ff0000"',
    ' fill="#808080"',
    ' fill="#010203"',
  ])
  const svg = drawSvg([{screen: screenOf([{text: 'x', cells: 1, color: 1}])}], {title: 'A test', theme: 'light'})
  expect(svg).toContain(' fill="#c5283d">x</text>')
  expect(svg).not.toContain('var(')
})

test('bold, dim, italic, underlined blanks, hidden text', () => {
  expect(styleOf(drawn([{text: 'x', cells: 1, bold: true, dim: true, italic: true}])[0])).toBe(
    ' font-weight="bold" opacity="0.6" font-style="italic"',
  )
  const lines = {underline: true, strikethrough: true}
  expect(styleOf(drawn([{text: '  ', cells: 2, ...lines}])[0])).toBe(' text-decoration="underline line-through"')
  expect(drawn([{text: 'secret', cells: 6, invisible: true}])).toEqual([])
})

test('inverse cells, and the one under the cursor, swap their colours', () => {
  const [back, front] = drawn([{text: 'x', cells: 1, inverse: true, color: 1}])
  expect(back).toContain('fill="var(--c1)"')
  expect(styleOf(front)).toBe(' fill="var(--background)"')

  const cursor = (col: number, is_visible = true) =>
    drawn([{text: 'ab', cells: 2}], {cursor: {row: 0, col, is_visible}})
  expect(cursor(1).map(textOf)).toEqual(['a', undefined, 'b'])
  expect(cursor(5).at(-1)).toContain('x="59.5"')
  expect(cursor(39)).toHaveLength(2)
  expect(cursor(40)).toHaveLength(1)
  expect(cursor(1, false)).toHaveLength(1)
})

test('a colour of a program has another one in its place for readers who prefer light', () => {
  const screen = screenOf([{text: 'x', cells: 1, color: '#8ab8ff'}])
  const svg = drawSvg([{screen}], {title: 'A test', lightColors: new Map([['#8ab8ff', '#1a56b8']])})
  expect(svg).toContain('fill="var(--t0)">x')
  expect(svg).toMatch(/^svg\{.*--t0:#8ab8ff\}\n@media \(prefers-color-scheme:light\)\{svg\{.*--t0:#1a56b8\}\}$/m)
})

test('windows stand below each other, with captions', () => {
  const screen = screenOf([{text: 'x', cells: 1}])
  const svg = drawSvg([{screen, caption: 'First & second'}, {screen}], {title: 'A test'})
  expect(svg).toContain('>First &amp; second</text>')
  expect([...svg.matchAll(/rx="8"/g)]).toHaveLength(2)
  expect(svg).toContain('viewBox="0 0 374 176"')
})

test('no text and no colour of a hostile program becomes markup', () => {
  const hostile = '</text><script>alert("1")</script>&'
  const svg = drawSvg(
    [{screen: screenOf([{text: hostile, cells: hostile.length, color: '"/><script>', background: '#fff;}'}])}],
    {title: hostile},
  )
  expect(svg).not.toContain('<script')
  expect(svg).toContain('&lt;/text&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;')
})

test('whatever the cells contain, the picture is XML', () => {
  const span = fc.record({
    text: fc.string({unit: fc.integer({min: 0, max: 0xffff}).map((unit) => String.fromCharCode(unit)), maxLength: 8}),
    cells: fc.integer({min: -2, max: 8}),
    color: fc.oneof(fc.integer({min: -1, max: 300}), fc.string()),
  })
  fc.assert(
    fc.property(fc.array(span, {maxLength: 5}), (spans) => {
      const svg = drawSvg([{screen: screenOf(spans)}], {title: spans[0]?.text ?? '', theme: 'dark'})
      expect(new Resvg(svg, {font: {loadSystemFonts: false}}).width).toBe(374)
    }),
  )
})

test('a screen that is larger than any terminal of Holdfast is refused, and long text is cut', () => {
  const draw = (cols: number, rows: number) => drawSvg([{screen: {cols, rows, lines: []}}], {title: ''})
  expect(() => draw(1001, 1)).toThrow(
    new RangeError('Expected a screen of at most 1000 columns and 160000 cells, got 1001x1'),
  )
  expect(() => draw(1000, 161)).toThrow(RangeError)
  expect(draw(1000, 160)).toContain('width="8534"')

  expect(drawn([{text: 'x'.repeat(10_000), cells: 10_000}]).map((line) => textOf(line)?.length)).toEqual([40])
  expect(drawn([{text: `e${'\u0301'.repeat(100_000)}`, cells: 1}])[0]?.length).toBeLessThan(200)
})
