import {writeFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {pasted} from '../support/key-bytes.ts'
import {createHome, type Home} from '../support/home.ts'
import {addScriptedAgent} from '../support/scripted-agent.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {openTui, type Tui} from '../support/tui.ts'

/** Prints lines, waits for the file `go`, and prints one more. */
const job = 'seq 20; until [ -e go ]; do sleep 0.05; done; echo end\n'
function homeWithJob(): Home {
  const home = createHome()
  addScriptedAgent(home)
  writeFileSync(`${home.project}/job`, job)
  return home
}
const finished = ['$ Work', '  … 21 lines · Ctrl-] shows them', 'That was it.']
const shiftTab = '\u001b[Z'
const ctrlS = '\u0013'

/** The rows of the screen, with times as `N s`. */
function rows(tui: Tui): string[] {
  return tui
    .screen()
    .replaceAll(/\d+(?:\.\d)? s\b/g, 'N s')
    .split('\n')
}
const withoutTimes = (lines: readonly string[]) => lines.map((line) => line.replace(/ · \d+(?:\.\d)? (?:s|min).*/, ''))

test.each([
  {cols: 80, rows: 24},
  {cols: 140, rows: 40},
  {cols: 40, rows: 12},
])('a tool with its terminal is live at $cols × $rows, and one block when it has ended', async (size) => {
  await using home = homeWithJob()
  await using tui = await openTui(home, ['--agent', 'scripted'], size)
  await tui.submit('work sh job')
  await tui.waitFor(/^ {2}20$/m)
  await tui.waitFor(/^\$ Work · \d+ s$/m)
  const live = rows(tui)
  const first = live.findIndex((row) => row.startsWith('$ Work'))
  expect(live.slice(first, first + 5)).toEqual(['$ Work · N s', '  17', '  18', '  19', '  20'])
  expect(live).toContain(
    size.cols < 60
      ? '  Enter queues · Esc stops the agent'
      : '  Enter queues · Ctrl-S sends it now · Esc stops the agent',
  )
  writeFileSync(`${home.project}/go`, '')
  await tui.waitFor(/^✓/m)
  expect(withoutTimes(tui.outputOf('work sh job'))).toEqual(finished)

  tui.type('\u001d')
  await tui.waitFor(/^\$ .*exit 0$/m)
  const scrollback = tui.scrollback().split('\n')
  expect(scrollback.filter((line) => /^ {2}\d+$/.test(line))).toEqual(
    Array.from({length: 20}, (_, at) => `  ${at + 1}`),
  )
  expect(scrollback).toContain('  end')
})

test('Esc stops the agent, beside a draft, too; a menu closes first', async () => {
  await using home = homeWithJob()
  await using tui = await openTui(home, ['--agent', 'scripted'])
  await tui.submit('wait')
  await tui.waitFor('waiting\n')
  tui.type('/he')
  await tui.waitFor('lists slash commands and keys')
  tui.press('escape')
  await tui.waitFor(() => !tui.screen().includes('lists slash commands'))
  expect(tui.screen()).not.toMatch(/^■/m)
  tui.press('escape')
  await tui.waitFor(/^■ interrupted/m)
  expect(rows(tui)).toContain('❯ /he')
})

test('an agent that answers on after Esc is stopping', async () => {
  await using home = homeWithJob()
  await using tui = await openTui(home, ['--agent', 'scripted'])
  await tui.submit('hang')
  await tui.waitFor('thinking')
  expect(tui.screen()).not.toContain('stopping')
  tui.press('escape')
  await tui.waitFor(/· (?:. )?stopping \d+ s/)
})

test('Ctrl-S stops the answer, and the text is the next prompt, where nothing else waits', async () => {
  await using home = homeWithJob()
  await using tui = await openTui(home, ['--agent', 'scripted'])
  await tui.submit('wait')
  await tui.waitFor('waiting\n')
  tui.type('pear')
  await tui.waitFor('❯ pear')
  tui.type(ctrlS)
  await tui.waitFor('echo: pear')
  expect(tui.screen()).not.toContain('1 prompt waits')
})

test('Ctrl-S stops the answer, and the text is the next prompt, ahead of those in the queue', async () => {
  await using home = homeWithJob()
  await using tui = await openTui(home, ['--agent', 'scripted'])
  await tui.submit('wait')
  await tui.waitFor('waiting\n')
  await tui.submit('later')
  await tui.waitFor('1. later')
  tui.type('rather this')
  await tui.waitFor('❯ rather this')
  tui.type(ctrlS)
  await tui.waitFor('echo: rather this')
  const lines = tui.scrollback().split('\n')
  const said = lines.filter((line) => /^(?:❯ \S|■|echo)/.test(line)).map((line) => line.replace(/ · .*/, ''))
  expect(said).toEqual(['❯ wait', '■ interrupted', '❯ rather this', 'echo: rather this'])
  await tui.submitLast('/undo-queue')
  await tui.waitFor(/^❯ later$/m)
  expect(tui.screen()).not.toContain('1. later')
})

test('mode and usage are in the status line; Shift-Tab sets the next mode; the menu marks the commands of the agent', async () => {
  await using home = homeWithJob()
  await using tui = await openTui(home, ['--agent', 'scripted'], {cols: 140})
  await tui.submit('introduce')
  await tui.waitFor(/scripted · Ask · 6 % of 200k · /)
  tui.type(shiftTab)
  await tui.waitFor('The mode is Code')
  await tui.waitFor(/scripted · Code · 6 % of 200k · /)
  tui.type('/i')
  await tui.waitFor(/^ {2}\/init +agent · Sets the project up$/m)
  tui.type(shiftTab)
  tui.press('enter')
  await tui.waitFor('echo: /init')
  await tui.submit('/usage')
  await tui.waitFor('12,000 of 200,000 tokens (6 %) · 0.31 USD')
})

test('a tool runs on, and is one block, when the gateway and the screen are killed meanwhile', async () => {
  await using home = homeWithJob()
  await using first = await openTui(home, ['--agent', 'scripted'])
  await first.submit('work sh job')
  await first.waitFor(/^ {2}20$/m)
  process.kill((await home.process('gateway')).pid, 'SIGKILL')
  await first.waitFor(/was restarted/)
  await first.waitFor(/^ {2}20$/m)
  process.kill(first.pid, 'SIGKILL')
  await first.exited

  const [{id}] = await sessionsOf(home)
  await using tui = await openTui(home, ['--resume', id])
  await tui.waitFor(/^ {2}20$/m)
  writeFileSync(`${home.project}/go`, '')
  await tui.waitFor(/^✓/m)
  expect(withoutTimes(tui.outputOf('work sh job'))).toEqual(finished)
})

test('a tool whose host is killed is one block with an unknown outcome', async () => {
  await using home = homeWithJob()
  await using tui = await openTui(home, ['--agent', 'scripted'])
  await tui.submit('work sh job')
  await tui.waitFor(/^ {2}20$/m)
  process.kill((await home.process('host')).pid, 'SIGKILL')
  await tui.waitFor(/^■ interrupted: the host process died/m)
  const blocks = tui.scrollback().match(/^\$ Work.*/gm)
  expect(blocks).toHaveLength(1)
  expect(blocks?.[0]).toMatch(/^\$ Work · outcome unknown/)
  await tui.submit('hello')
  await tui.waitFor('echo: hello')
})

test('a file is mentioned by @ and Tab, and by dropping it; /diff shows what the tools have changed', async () => {
  await using home = homeWithJob()
  writeFileSync(`${home.project}/read me.md`, 'one')
  await using tui = await openTui(home, ['--agent', 'scripted'], {cols: 140, rows: 40})
  await tui.waitFor(/· idle/)
  tui.type('look at @re')
  await tui.waitFor(/^ {2}read me\.md/m)
  tui.type('\t')
  await tui.waitFor('❯ look at @"read me.md"')
  tui.type(pasted(`'${home.project}/job'`))
  await tui.waitFor('❯ look at @"read me.md" [job, 55 bytes]')
  tui.press('enter')
  await tui.waitFor('echo: look at [resource] [resource]')

  await tui.submit('edit')
  await tui.waitFor('1–2 answers')
  tui.type('1')
  await tui.waitFor('It is changed.')
  await tui.submit('/diff')
  await tui.waitFor('1 file +1 −1\n  /project/a.ts +1 −1\n')
  expect(tui.screen()).toMatch(/^ {2}- two +│ \+ three$/m)
})
