import {expect, test} from 'vitest'

import {openScreenTui} from '../support/gnu-screen.ts'
import {createHome, type Home} from '../support/home.ts'
import {addScriptedAgent} from '../support/scripted-agent.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {openTmuxTui} from '../support/tmux.ts'
import {openTui, type Tui} from '../support/tui.ts'

/** What the scripted agent does on `edit`, when its question is answered. */
const done = [
  '✻ Thought · Ctrl-] shows it',
  'I look at it.',
  '? Edit a.ts · you: Allow once',
  '✎ Edit a.ts',
  '  /project/a.ts +1 −1',
  '    one',
  '  - two',
  '  + three',
  'Plan · 2 of 2',
  '  ☒ Look at it',
  '  ☒ Change it',
  'It is changed.',
]
/** The same as `show` prints it. */
const printed = [
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
  'Answered: Allow once',
  '⚙ Edit a.ts · done',
  'Plan',
  '  ☒ Look at it',
  '  ☒ Change it',
  'It is changed.',
]
/** The question takes keys: it was on the screen long enough. */
const question = [
  ' ALLOW?  Edit a.ts',
  '  /project/a.ts +1 −1',
  '    one',
  '  - two',
  '  + three',
  '  1. Allow once',
  '  2. Reject',
  '  1–2 answers · ↑↓ choose · Ctrl-] prints all of it · Esc later',
].join('\n')
const isAsked = (tui: Tui) => tui.waitFor(() => tui.screen().includes(question))

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
  // The status line has an empty row above it, also while the question is open.
  await tui.waitFor(/^ {2}☐ Change it\n\n.*waiting for you \d+ s$/m)
  tui.type('1')
  await tui.waitFor(/^✓/m)
  expect(tui.outputOf('edit')).toEqual(done)
  await tui.submit('!echo from the shell')
  await tui.waitFor('from the shell\n✓')
  await tui.submitLast('/quit')
  expect(await tui.exited).toBe(0)
})

test('an empty screen says what to ask the agent for, until the first prompt', async () => {
  await using home = homeWithAgent()
  await using tui = await openTui(home, ['--agent', 'scripted'])
  await tui.waitFor(/^project · scripted · Ask · /m)
  await tui.waitFor(/^ {2}Ask scripted for something · .*\n.*\n.*\n\nproject · scripted/m)
  await tui.submit('recall')
  await tui.waitFor(/^✓/m)
  expect(tui.screen()).not.toContain('Ask scripted for something')
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
  tui.type('1')
  await tui.waitFor(/^✓/m)
  expect(tui.outputOf('edit')).toEqual(done)

  const {stdout} = await home.holdfast(['show', id])
  expect(stdout.replace(/^✓.*/m, '✓')).toBe(['❯ edit', ...printed, '✓', ''].join('\n'))
})

test.each([
  {cols: 80, rows: 24},
  {cols: 140, rows: 40},
  {cols: 40, rows: 12},
])('$cols×$rows: a thought, a tool with its diff, a plan and what the status line says', async ({cols, rows}) => {
  await using home = homeWithAgent()
  await using tui = await openTui(home, ['--agent', 'scripted'], {cols, rows})
  await tui.waitFor('· idle')
  await tui.submit('edit')
  await tui.waitFor('1–2 answers')
  tui.type('1')
  await tui.waitFor(/^✓/m)
  await tui.waitFor('· idle')
  const shown = tui
    .scrollback()
    .replaceAll(home.project, '/project')
    .replaceAll(/…\w*\/project/g, '…/project')
  const timeless = shown.replaceAll(/^✓.*$/gm, '✓').replaceAll(/^(❯ edit).*$/gm, '$1')
  await expect(`${timeless.slice(timeless.indexOf('❯ edit')).trimEnd()}\n`).toMatchFileSnapshot(
    `../screens/agent-${cols}x${rows}.txt`,
  )
})

test.each([
  ['tmux', openTmuxTui],
  ['screen', openScreenTui],
] as const)('in %s, an agent answers, and its question takes a key', async (_name, open) => {
  await using home = homeWithAgent()
  await using tui = await open(home, ['--agent', 'scripted'])
  await tui.waitFor('· idle')
  tui.type('edit\r')
  await tui.waitFor('1–2 answers')
  tui.type('1')
  await tui.waitFor(/^It is changed\.\n+✓/m)
  await tui.waitFor('· idle')
  const drawn = tui.screen()
  for (const line of done) expect(drawn).toContain(line)
  // What the terminal reports and answers is no text.
  expect(drawn).not.toMatch(/\[[IO]\b|rgb:|\d+;\d+c|\]\d+;/)
})
