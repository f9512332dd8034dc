import {expect, test} from 'vitest'

import {createHome, type Home} from '../support/home.ts'
import {addScriptedAgent} from '../support/scripted-agent.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {openTui, type Tui} from '../support/tui.ts'

/** What the scripted agent does on `edit`, up to its question. */
const before = [
  'Thinking: It is the second line.',
  'I look at it.',
  'Plan',
  '  ☒ Look at it',
  '  ☐ Change it',
  '⚙ Edit a.ts',
  '  /project/a.ts',
  '    one',
  '  - two',
  '  + three',
  'The agent asks: Edit a.ts (Allow once, Reject)',
]
const after = [
  'Answered: Allow once',
  '⚙ Edit a.ts · done',
  'Plan',
  '  ☒ Look at it',
  '  ☒ Change it',
  'It is changed.',
]
const question = ['The agent asks: Edit a.ts', '1. Allow once · 2. Reject', '  Ctrl-T answers it'].join('\n')
const isAsked = (tui: Tui) => tui.waitFor(() => tui.screen().includes(question))

async function answer(tui: Tui, choice: string): Promise<void> {
  tui.press('ctrl-t')
  await tui.waitFor('↑↓ or a number chooses · Esc back')
  tui.type(choice)
  await tui.waitFor('Enter answers · Esc back')
  tui.press('enter')
}

function homeWithAgent(): Home {
  const home = createHome()
  addScriptedAgent(home)
  return home
}

test('text, a plan, a tool with its diff and a question are on the screen, and answered there', async () => {
  await using home = homeWithAgent()
  await using tui = await openTui(home, ['--agent', 'scripted'])
  await tui.waitFor(/project · scripted · .* · idle/)
  await tui.submit('edit')
  await isAsked(tui)
  await tui.waitFor(/waiting for you \d+ s/)
  await answer(tui, '1')
  await tui.waitFor(/^✓ \d/m)
  expect(tui.outputOf('edit')).toEqual([...before, ...after])
  await tui.submit('!echo from the shell')
  await tui.waitFor('from the shell\n✓')
  await tui.submitLast('/quit')
  expect(await tui.exited).toBe(0)
})

test('a question is still answerable after SIGKILL of the gateway and of the screen, and show prints all of it', async () => {
  await using home = homeWithAgent()
  await using first = await openTui(home, ['--agent', 'scripted'])
  await first.submit('edit')
  await isAsked(first)
  process.kill((await home.process('gateway')).pid, 'SIGKILL')
  await first.waitFor(/was restarted/)
  await isAsked(first)
  process.kill(first.pid, 'SIGKILL')
  await first.exited

  const [{id, agent}] = await sessionsOf(home)
  expect(agent).toBe('scripted')
  await using tui = await openTui(home, ['--resume', id])
  await isAsked(tui)
  await answer(tui, '1')
  await tui.waitFor(/^✓ \d/m)
  expect(tui.outputOf('edit')).toEqual([...before, ...after])

  const {stdout} = await home.holdfast(['show', id])
  expect(stdout.replace(/^✓ .*/m, '✓')).toBe(['❯ edit', ...before, ...after, '✓', ''].join('\n'))
})
