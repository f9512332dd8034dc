/* oxlint-disable no-control-regex -- what is written to the terminal is what this file is about */
import {copyFileSync, writeFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

import {expect, test} from 'vitest'

import {createHome, type Home} from '../support/home.ts'
import {addScriptedAgent} from '../support/scripted-agent.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {openTui, type Tui} from '../support/tui.ts'

const answer = fileURLToPath(new URL('../fixtures/answer.md', import.meta.url))

async function openAgent(home: Home, size: {cols?: number; rows?: number} = {}, env = {}): Promise<Tui> {
  addScriptedAgent(home)
  copyFileSync(answer, `${home.project}/answer.md`)
  const tui = await openTui(home, ['--agent', 'scripted'], {...size, env})
  await tui.waitFor(/· idle/)
  return tui
}

test.each([
  {cols: 80, rows: 24},
  {cols: 120, rows: 40},
  {cols: 40, rows: 12},
])('$cols×$rows: an answer that arrives in small pieces is drawn as Markdown', async ({cols, rows}) => {
  await using home = createHome()
  await using tui = await openAgent(home, {cols, rows})
  await tui.submit('stream answer.md 3')
  await tui.waitFor(/^✓/m)
  const drawn = tui.scrollback().split('\n')
  const begin = drawn.findIndex((line) => line.startsWith('The date is parsed'))
  const end = drawn.findIndex((line) => line === 'All tests pass now.')
  expect(begin).toBeGreaterThan(0)
  await expect(`${drawn.slice(begin, end + 1).join('\n')}\n`).toMatchFileSnapshot(
    `../screens/answer-${cols}x${rows}.txt`,
  )
})

test('links are OSC 8 in a terminal that has them, and code has the colours of its language', async () => {
  await using home = createHome()
  await using tui = await openAgent(home, {}, {FORCE_HYPERLINK: '1'})
  await tui.submit('stream answer.md 50')
  await tui.waitFor(/^✓/m)
  const bytes = tui.bytes.toString()
  expect(bytes).toContain('\u001b]8;;https://example.com/dates?q=1\u001b\\')
  expect(bytes).toContain('\u001b]8;;https://example.com/issues\u001b\\')
  expect(bytes).toMatch(/\u001b\[[\d;]+mexport\u001b\[/)
  expect(tui.scrollback()).toMatch(/See the page on\s+dates and https:/)
})

test('control sequences of the agent do nothing', async () => {
  await using home = createHome()
  writeFileSync(`${home.project}/evil.md`, 'one\u001b[2J\u001b]0;owned\u0007 &#27;[31m[two](javascript:alert(1))\n')
  await using tui = await openAgent(home, {}, {FORCE_HYPERLINK: '1'})
  await tui.submit('stream evil.md 1')
  await tui.waitFor(/^✓/m)
  expect(tui.scrollback()).toContain('one two (javascript:alert(1))')
  expect(tui.bytes.toString()).not.toMatch(/owned|\u001b\[2J|\u001b\[31m|\u001b\]8;;j/)
})

const paragraphs = Array.from({length: 60}, (_, at) => `Paragraph ${at + 1} of the answer.`)

test('an answer is in the scrollback once, in order, after SIGKILL of the screen in its midst', async () => {
  await using home = createHome()
  writeFileSync(`${home.project}/long.md`, paragraphs.join('\n\n'))
  await using first = await openAgent(home)
  await first.submit('stream long.md 5 8')
  await first.waitFor(() => first.scrollback().includes('Paragraph 20 of'))
  process.kill(first.pid, 'SIGKILL')
  await first.exited

  const [{id}] = await sessionsOf(home)
  await using tui = await openTui(home, ['--resume', id])
  await tui.waitFor(/^✓/m)
  const shown = tui.scrollback().match(/^Paragraph .*$/gm)
  expect(shown).toEqual(paragraphs)
})

test('each paragraph is in the scrollback once, in order, although the terminal changes its size in their midst', async () => {
  await using home = createHome()
  writeFileSync(`${home.project}/long.md`, paragraphs.join('\n\n'))
  await using tui = await openAgent(home, {cols: 80, rows: 24})
  await tui.submit('stream long.md 5 8')
  for (const [at, [cols, rows]] of [
    [60, 12],
    [100, 40],
    [40, 12],
    [80, 24],
  ].entries()) {
    await tui.waitFor(() => tui.scrollback().includes(`Paragraph ${at * 10 + 5} of`))
    tui.resize(cols!, rows!)
  }
  await tui.waitFor(/^✓/m)
  expect(tui.scrollback().match(/^Paragraph .*$/gm)).toEqual(paragraphs)
})
