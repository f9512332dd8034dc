import {expect, test} from 'vitest'

import {createMarkdownRenderer} from '../src/index.ts'
import {render} from './fixtures/render.ts'

/** Texts that make a parser slow or exhaust its stack. */
const hostile: Readonly<Record<string, string>> = {
  'a line of 1 MB': 'x'.repeat(1_000_000),
  'a paragraph of 1 MB': 'word '.repeat(200_000),
  'a paragraph of 100,000 lines': 'a\n'.repeat(100_000),
  'a quote of 100,000 lines': '> a\n'.repeat(100_000),
  '100,000 quotes in each other': `${'> '.repeat(100_000)}a`,
  '100,000 lists in each other': `${'- '.repeat(100_000)}a`,
  '10,000 levels of a list': Array.from({length: 1000}, (_, at) => `${' '.repeat(2 * at)}- a`).join('\n'),
  'a fence that is never closed': `\`\`\`\n${'code\n'.repeat(100_000)}`,
  'a fence in a quote': `> \`\`\`\n${'> code\n'.repeat(10_000)}`,
  'a table of 20,000 rows': `| a | b |\n|--|--|\n${'| 1 | 2 |\n'.repeat(20_000)}`,
  'a table of 1,000 columns': `${'|a'.repeat(1000)}|\n${'|-'.repeat(1000)}|\n${'|1'.repeat(1000)}|\n`,
  'open brackets': '['.repeat(50_000),
  'open links': '[a](b'.repeat(10_000),
  'open emphasis': '*a_ '.repeat(10_000),
  'open strong text': '__a'.repeat(5000),
  'open code': Array.from({length: 300}, (_, at) => '`'.repeat(at)).join(' '),
  'open tags': '<a '.repeat(10_000),
}

test.each(Object.keys(hostile))('%s', async (name) => {
  const text = hostile[name]!
  const renderer = createMarkdownRenderer({columns: 80})
  let longestView = 0
  let lineCount = 0
  for (let at = 0; at < text.length; at += 10_000) {
    renderer.add(text.slice(at, at + 10_000))
    lineCount += renderer.takeLines().length
    longestView = Math.max(longestView, renderer.view(24).length)
    expect(renderer.isBehind).toBe(false)
  }
  // Nothing but the last 4 KiB waits, and no more than a screenful is shown.
  expect(longestView).toBeLessThanOrEqual(24)
  renderer.end()
  lineCount += renderer.takeLines().length
  expect(lineCount).toBeGreaterThan(0)
})

test('one call reads 16 KiB', () => {
  const renderer = createMarkdownRenderer({columns: 80})
  renderer.add('word\n\n'.repeat(100_000))
  expect(renderer.takeLines().length).toBeLessThan(6000)
  expect(renderer.isBehind).toBe(true)
  expect(renderer.view(24)).toEqual([])
})

test('no character of a very long line is lost or split', async () => {
  const lines = await render(['👍'.repeat(10_000)], {columns: 100})
  expect(lines.join('')).toBe('👍'.repeat(10_000))
})
