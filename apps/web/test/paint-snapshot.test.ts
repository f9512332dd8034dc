import {createProgramScreen} from '@holdfast/terminal'
import type {ScreenSnapshot} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {paintSnapshot} from '../src/terminal/paint-snapshot.ts'

const snapshot: ScreenSnapshot = {
  prompt_id: 'p',
  version: 1,
  cols: 20,
  rows: 3,
  title: '',
  is_alternate: false,
  cursor: {row: 1, col: 2, is_visible: false},
  modes: {application_cursor: false, bracketed_paste: false, mouse: 'none'},
  lines: [
    {
      spans: [
        {text: 'plain ', cells: 6},
        {text: 'red', cells: 3, color: 1, bold: true},
      ],
    },
    {spans: [{text: '宽', cells: 2, background: '#010203', inverse: true}]},
    {spans: []},
  ],
}

test('a painted snapshot shows the same cells and cursor, over whatever was there', async () => {
  const screen = createProgramScreen({size: {cols: 20, rows: 3}, onBehind() {}})
  await screen.load()
  screen.write(new TextEncoder().encode(`\u001b[41mxxxxxxxxxxxxxxxxxxxx\r\nyyyyyyyy\r\nzzz`))
  screen.write(new TextEncoder().encode(paintSnapshot(snapshot)))
  const shown = await screen.snapshot()
  expect(shown.lines.map(({spans}) => spans)).toMatchObject([
    [{text: 'plain '}, {text: 'red', color: 1, bold: true}],
    [{text: '宽', background: '#010203', inverse: true}],
    [],
  ])
  expect(shown.cursor).toMatchObject({row: 1, col: 2})
})
