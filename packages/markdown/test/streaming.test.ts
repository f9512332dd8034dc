import {array, assert, asyncProperty, constantFrom, nat} from 'fast-check'
import {expect, test} from 'vitest'

import {createMarkdownRenderer} from '../src/index.ts'
import {render, unmarked, visible} from './fixtures/render.ts'

const fragments = [
  '# Heading\n',
  'text ',
  'of **a strong** `paragraph` ',
  '\n',
  '\n\n',
  '- item\n',
  '  - [x] nested\n',
  '12. number\n',
  '   continued\n',
  '> quote\n',
  '```ts\n',
  '```\n',
  '~~~\n',
  'const a = `b`\n',
  '    indented\n',
  '| a | b |\n|---|---|\n',
  '| 1 | 2 |\n',
  '---\n',
  '===\n',
  '[link](https://x.org/a_b)',
  '<b>',
  '&#27;[31m',
  '\u001b[31m',
  '\u001b]8;;http://evil\u0007',
  '\u009b2J',
  '\u202e',
  '\r',
  '\r\n',
  '\t',
  '日本語、',
  '👩‍👩‍👧‍👦',
  'e\u0301',
  '*',
  '[',
  'x'.repeat(100),
  ' word'.repeat(300),
]
const texts = array(constantFrom(...fragments), {maxLength: 60}).map((parts) => parts.join(''))
const cuts = array(nat(10_000), {maxLength: 40})

function split(text: string, at: readonly number[]): string[] {
  const places = [...at.map((place) => place % (text.length + 1)), 0, text.length].sort((one, other) => one - other)
  return places.slice(1).map((place, index) => text.slice(places[index], place))
}

test('a text gives the same lines, however it is split', async () => {
  await assert(
    asyncProperty(texts, cuts, async (text, at) => {
      expect(await render(split(text, at), {style: visible})).toEqual(await render([text], {style: visible}))
    }),
    {numRuns: 300},
  )
})

test('no control characters come out, but for those of links', async () => {
  await assert(
    asyncProperty(texts, cuts, async (text, at) => {
      const renderer = createMarkdownRenderer({columns: 30, hyperlinks: true})
      const rows: string[] = []
      for (const piece of split(text, at)) {
        renderer.add(piece)
        rows.push(...renderer.takeLines(), ...renderer.view(20))
      }
      rows.push(...(await render([text], {hyperlinks: true})))
      for (const row of rows) {
        // eslint-disable-next-line no-control-regex
        const rest = row.replace(/\u001b\]8;;(?:https?:\/\/[!-~]+)?\u001b\\/g, '')
        expect(rest).not.toMatch(/[\p{Cc}\u202a-\u202e]/u)
      }
    }),
    {numRuns: 300},
  )
})

test('a block goes out when the next one begins, and the view has the rest of it', () => {
  const renderer = createMarkdownRenderer({columns: 20, style: unmarked})
  renderer.add('A first para')
  expect(renderer.takeLines()).toEqual([])
  expect(renderer.view(10)).toEqual(['A first para'])
  renderer.add('graph that is long.\n\nThe sec')
  expect(renderer.takeLines()).toEqual(['A first paragraph', 'that is long.'])
  expect(renderer.view(10)).toEqual(['', 'The sec'])
  renderer.add('ond\n- an item\n- **an')
  expect(renderer.takeLines()).toEqual(['', 'The second'])
  expect(renderer.view(10)).toEqual(['• an item', '• **an'])
  renderer.resize(9)
  renderer.add('other** one\n')
  expect(renderer.takeLines()).toEqual(['• an item'])
  expect(renderer.view(10)).toEqual(['• another', '  one'])
  renderer.end()
  expect(renderer.takeLines()).toHaveLength(2)
  expect(renderer.isBehind).toBe(false)
  expect(renderer.view(10)).toEqual([])
})

test('the view of an unfinished mark shows nothing that would be drawn in another way at once', () => {
  const renderer = createMarkdownRenderer({columns: 20, style: unmarked})
  renderer.add('Steps:\n-')
  renderer.takeLines()
  expect(renderer.view(10)).toEqual(['Steps:'])
  renderer.add(' one')
  expect(renderer.takeLines()).toEqual([])
  expect(renderer.view(10)).toEqual(['Steps:', '• one'])
})
