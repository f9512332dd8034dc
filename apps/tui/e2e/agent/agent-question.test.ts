import {writeFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {createHome} from '../support/home.ts'
import {addScriptedAgent} from '../support/scripted-agent.ts'
import {openTui} from '../support/tui.ts'

const down = '\u001b[B'
const backspace = '\u007f'
const ctrlT = '\u0014'
const focusLost = '\u001b[O'

test.each([
  {cols: 40, rows: 12},
  {cols: 80, rows: 24},
  {cols: 120, rows: 40},
])('$cols×$rows: an open question with a diff, and the blocks of its tool and plan', async ({cols, rows}) => {
  await using home = createHome()
  addScriptedAgent(home)
  await using tui = await openTui(home, ['--agent', 'scripted'], {cols, rows})
  await tui.submit('edit')
  await tui.waitFor('1–2 answers')
  const screen = tui.screen().split('\n')
  const begin = screen.findIndex((row) => row.includes('ALLOW?'))
  const end = screen.findIndex((row) => row.includes('1–2 answers'))
  expect(begin).toBeGreaterThan(0)
  const question = screen.slice(begin, end + 1)
  tui.type('1')
  await tui.waitFor(/^✓/m)
  const seen = ['── the question', ...question, '── the answer', ...tui.outputOf('edit'), '']
  await expect(seen.join('\n')).toMatchFileSnapshot(`../screens/question-${cols}x${rows}.txt`)
})

test('Enter, also after ↓, that was typed ahead of a question grants nothing', async () => {
  await using home = createHome()
  addScriptedAgent(home)
  await using tui = await openTui(home, ['--agent', 'scripted'])
  await tui.waitFor(/· idle/)
  tui.type(`edit\r\r${down}\r\r`)
  await tui.waitFor('1–2 answers')
  tui.type('2')
  await tui.waitFor('Then not.')
  expect(tui.scrollback()).toContain('? Edit a.ts · you: Reject')
})

test('a number that was typed ahead of a question is a draft, beside which the question waits', async () => {
  await using home = createHome()
  addScriptedAgent(home)
  await using tui = await openTui(home, ['--agent', 'scripted'])
  await tui.submit('work until [ -e go ]; do sleep 0.05; done')
  await tui.submit('edit')
  await tui.waitFor('1. edit')
  tui.type('1')
  await tui.waitFor('❯ 1')
  writeFileSync(`${home.project}/go`, '')
  await tui.waitFor('1. Allow once · 2. Reject')
  tui.type(ctrlT)
  await tui.waitFor('1–2 answers')
  tui.type('2')
  await tui.waitFor('Then not.')
  expect(tui.scrollback()).toContain('? Edit a.ts · you: Reject')
})

test('in a terminal that is too small for its choices, a question says so, and takes no number', async () => {
  await using home = createHome()
  addScriptedAgent(home)
  await using tui = await openTui(home, ['--agent', 'scripted'], {cols: 40, rows: 6})
  await tui.submit('edit')
  await tui.waitFor('Enlarge the terminal')
  tui.type('1')
  await tui.waitFor('❯ 1')
  tui.type(backspace)
  await tui.waitFor('Enlarge the terminal')
  tui.resize(80, 24)
  await tui.waitFor('1–2 answers')
  tui.type('2')
  await tui.waitFor('Then not.')
})

test('a question notifies the user of a terminal without the focus', async () => {
  await using home = createHome()
  addScriptedAgent(home, {notify: 'osc9'})
  await using tui = await openTui(home, ['--agent', 'scripted'])
  await tui.waitFor('· idle')
  tui.type(focusLost)
  await tui.submit('edit')
  await tui.waitFor('1–2 answers')
  await tui.waitFor(() => tui.bytes.includes('\u001b]9;Waiting for your answer: Edit a.ts\u0007'))
})
