import {expect, test} from 'vitest'

import {cli, createHome} from '../support/home.ts'
import {openTerminal} from '../support/terminal.ts'
import {openTui} from '../support/tui.ts'
import {until} from '../support/until.ts'

test('keys that arrive in one read are handled like single keys', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.waitFor('· idle')
  // Ctrl-U clears the line; so do Ctrl-A Ctrl-K; Ctrl-W kills a word; Ctrl-N does nothing here.
  tui.type('wrong\u0015also wrong\u0001\u000becho one tw\u000eo three\u0017four\r')
  await tui.waitFor(/^✓/m)
  expect(tui.outputOf('echo one two four')).toEqual(['one two four'])
})

test('a paste runs unchanged: its line ends do not submit it, its control characters are visible and kept', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.waitFor('· idle')
  tui.type('\u001b[200~printf %s "a\tb\r\nc\u0015\u001b" | od -An -c\u001b[201~')
  await tui.waitFor('c␕␛" | od')
  tui.press('enter')
  await tui.waitFor(/^✓/m)
  expect(tui.scrollback()).toMatch(/\n +a +\\t +b +\\n +c +025 +033\n✓/)
})

test('an unknown slash command is refused, and does not run', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.waitFor('· idle')
  await tui.submit('/nothing')
  await tui.waitFor('got `/nothing`')
  await tui.submit('/bin/echo a program')
  await tui.waitFor(/^a program$/m)
  expect(tui.scrollback()).not.toContain('❯ /nothing')
})

test('keys typed before the first frame are in the composer, and nowhere else', async () => {
  await using home = createHome()
  await using terminal = await openTerminal({command: process.execPath, args: [cli], env: home.env, cwd: home.project})
  terminal.type('echo ')
  // The moment of the first frame, before the emulator has drawn it.
  await until(() => terminal.bytes.includes('❯'), {what: 'the first frame'})
  terminal.type('early')
  await terminal.waitFor('· idle')
  await terminal.waitFor(/^❯ echo early$/m)
  expect(terminal.screen().match(/early|echo/g)).toEqual(['echo', 'early'])
})
