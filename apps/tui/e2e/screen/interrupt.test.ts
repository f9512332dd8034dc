import {appendFileSync, existsSync, writeFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {createHome} from '../support/home.ts'
import {ctrl} from '../support/key-bytes.ts'
import {openTui} from '../support/tui.ts'

test('Ctrl-C interrupts the running command, and the TUI stays open', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.submit('echo begun; sleep 60')
  await tui.waitFor(/^begun$/m)
  tui.press('ctrl-c')
  await tui.waitFor(/^■ interrupted(?: · |$)/m)
  await tui.waitFor('· idle')
  await tui.submit('echo still here')
  await tui.waitFor(/^✓/m)
  expect(tui.outputOf('echo still here')).toEqual(['still here'])
})

test('Ctrl-C while the shell starts interrupts the command before it runs', async () => {
  await using home = createHome()
  appendFileSync(`${home.user}/.bashrc`, 'until [ -e go ]; do sleep 0.01; done\n')
  await using tui = await openTui(home)
  await tui.submit('touch ran')
  await tui.waitFor(/· (?:\S )?running/)
  tui.press('ctrl-c')
  // A prompt in the queue shows that the host has received the Ctrl-C, which was sent before.
  await tui.submit('echo next')
  await tui.waitFor('· 1 queued')
  writeFileSync(`${home.project}/go`, '')
  await tui.waitFor(/^■ interrupted(?: · |$)/m)
  await tui.waitFor('1 held')
  tui.type(ctrl('g'))
  await tui.waitFor(/^next\n✓/m)
  expect(existsSync(`${home.project}/ran`)).toBe(false)
})

test('Ctrl-C clears the draft if no command is running', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.waitFor('· idle')
  tui.type('rm -rf precious')
  await tui.waitFor('rm -rf precious')
  tui.press('ctrl-c')
  await tui.waitFor(() => !tui.screen().includes('precious'))
  expect(tui.screen()).not.toContain('Press Ctrl-C again')
  await tui.submit('echo here')
  await tui.waitFor(/^here$/m)
})

test('the notice that Ctrl-C leaves is shown exactly as long as it does', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.waitFor('· idle')
  tui.press('ctrl-c')
  await tui.waitFor('Press Ctrl-C again to leave')
  await tui.waitFor(() => !tui.screen().includes('Press Ctrl-C again'))
  tui.press('ctrl-c')
  await tui.waitFor('Press Ctrl-C again to leave')
})

test('SIGINT is Ctrl-C, once even if npm passes it on to the process group: the screen stays open', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  const interrupt = () => {
    tui.kill('SIGINT')
    tui.kill('SIGINT')
  }
  tui.type('half a prompt')
  await tui.waitFor('half a prompt')
  interrupt()
  await tui.waitFor(() => !tui.screen().includes('half a prompt'))
  await tui.submit('echo begun; sleep 60')
  await tui.waitFor(/^begun$/m)
  interrupt()
  await tui.waitFor(/^■ interrupted(?: · |$)/m)
  await tui.submit('sleep 0.2; echo still here')
  await tui.waitFor(/^still here$/m)
  await tui.waitFor('· idle')
  interrupt()
  await tui.waitFor('Press Ctrl-C again to leave')
  await tui.submit('echo and here')
  await tui.waitFor(/^and here$/m)
})
