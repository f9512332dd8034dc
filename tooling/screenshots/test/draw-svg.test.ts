import xterm from '@xterm/headless'
import {expect, test} from 'vitest'

import {drawSvg} from '../draw-svg.ts'
import {readCells} from '../read-cells.ts'

/** The SVG elements inside the window for a text that a terminal shows. */
async function drawn(text: string): Promise<string[]> {
  const terminal = new xterm.Terminal({cols: 20, rows: 4, allowProposedApi: true})
  await new Promise<void>((resolve) => terminal.write(text, resolve))
  const svg = drawSvg([{rows: readCells(terminal.buffer.active, 4)}], {title: 'a < b', cols: 20})
  return svg
    .split('\n')
    .filter((line) => /^<(text|rect x="\d)/.test(line))
    .slice(1)
}

test('draws neighbours of one style as one text, at the column of the first', async () => {
  expect(await drawn('ab c\r\nd')).toEqual([
    '<text x="16" y="43.5" textLength="33.6" lengthAdjust="spacingAndGlyphs">ab c</text>',
    '<text x="16" y="61.5" textLength="8.4" lengthAdjust="spacingAndGlyphs">d</text>',
  ])
})

test('draws characters after wide ones at their columns in the terminal', async () => {
  const rows = await drawn('日本x한y')
  expect(rows.map((line) => /x="([\d.]+)".*>(.+)<\/text>/u.exec(line)?.slice(1))).toEqual([
    ['16', '日'],
    ['32.8', '本'],
    ['49.6', 'x'],
    ['58', '한'],
    ['74.8', 'y'],
  ])
})

test('draws the 16 named colours from the palette, other colours as they are; inverse, bold, dim', async () => {
  const style = (line: string | undefined) => /Glyphs"([^>]*)>/.exec(line ?? '')?.[1]
  expect(style((await drawn('\u001b[31mx'))[0])).toBe(' style="fill:var(--c1)"')
  expect(style((await drawn('\u001b[38;5;196mx'))[0])).toBe(' style="fill:#ff0000"')
  expect(style((await drawn('\u001b[38;2;1;2;3mx'))[0])).toBe(' style="fill:#010203"')
  expect(style((await drawn('\u001b[1;2mx'))[0])).toBe(' font-weight="bold" opacity="0.6"')
  const [back, front] = await drawn('\u001b[7mx')
  expect(back).toContain('fill="var(--foreground)"')
  expect(style(front)).toBe(' style="fill:var(--background)"')
})

test('escapes characters that are markup in SVG', async () => {
  expect((await drawn('<&>'))[0]).toContain('>&lt;&amp;&gt;</text>')
})
