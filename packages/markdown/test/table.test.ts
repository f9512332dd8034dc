import {expect, test} from 'vitest'

import {render, renderText} from './fixtures/render.ts'

const table = `
    | Name | What it does | n |
    |:-----|:------------:|--:|
    | \`parse\` | Parses the **date** with a time zone | 12 |
    | 日本 | none | 3 |
    `

test('a table has the width of its text', async () => {
  expect(await renderText(table)).toBe(
    [
      'Name  │           What it does           │  n',
      '──────┼──────────────────────────────────┼───',
      'parse │ Parses the date with a time zone │ 12',
      '日本  │               none               │  3',
    ].join('\n'),
  )
})

test('the widest columns of a table are made narrower until it fits', async () => {
  expect(await renderText(table, {columns: 30})).toBe(
    [
      'Name  │   What it does    │  n',
      '──────┼───────────────────┼───',
      'parse │  Parses the date  │ 12',
      '      │ with a time zone  │',
      '日本  │       none        │  3',
    ].join('\n'),
  )
})

test('in a terminal that is too narrow, each row of a table becomes lines of names and values', async () => {
  expect(await renderText(table, {columns: 16})).toBe(
    [
      'Name: parse',
      'What it does:',
      'Parses the date',
      'with a time zone',
      'n: 12',
      '',
      'Name: 日本',
      'What it does:',
      'none',
      'n: 3',
    ].join('\n'),
  )
})

test('a long table is drawn in parts, in the widths of the first one, with one head', async () => {
  const rows = Array.from({length: 100}, (_, at) => `| ${at} | ${'x'.repeat(at === 99 ? 9 : 3)} |\n`)
  const lines = await render(['| n | text |\n|---|---|\n', ...rows])
  expect(lines.slice(0, 3)).toEqual(['n  │ text', '───┼─────', '0  │ xxx'])
  expect(lines.slice(-3)).toEqual(['98 │ xxx', '99 │ xxxx', '   │ xxxx'].concat('   │ x').slice(-3))
  expect(lines.filter((line) => line.includes('text'))).toHaveLength(1)
})
