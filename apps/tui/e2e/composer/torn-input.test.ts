import {test} from 'vitest'

import {createHome, type Home} from '../support/home.ts'
import {pasted} from '../support/key-bytes.ts'
import type {Terminal} from '../support/terminal.ts'
import {openTmuxTui} from '../support/tmux.ts'
import {openTui} from '../support/tui.ts'
import {waitForWritten} from './written.ts'

/** What a terminal sends without a key press. */
const reports = [
  '\u001b]11;rgb:1e1e/1e1e/2e2e\u001b\\',
  '\u001bP1+r436f=323536\u001b\\',
  '\u001b_Gi=31;OK\u001b\\',
  '\u001b^secret\u001b\\',
  '\u001b[24;80R',
  '\u001b[M !!',
].join('')

/** Sends each byte in a write of its own, when the terminal has taken the one before. */
async function typeTorn(terminal: Terminal, text: string): Promise<void> {
  for (const character of text) {
    terminal.type(character)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

async function expectExactInput(terminal: Terminal): Promise<void> {
  await typeTorn(terminal, `ec${reports}ho ${pasted('one\ntwo')}`)
  await waitForWritten(terminal, '❯ echo one\ntwo')
  await typeTorn(terminal, '\u001b[A\u001b[H: ')
  await waitForWritten(terminal, '❯ : echo one\ntwo')
}

const terminals = {xterm: openTui, tmux: openTmuxTui} satisfies Record<string, (home: Home) => Promise<Terminal>>

test.each(['xterm', 'tmux'] as const)('in %s, input that arrives byte by byte is what was sent', async (name) => {
  await using home = createHome()
  await using terminal = await terminals[name](home)
  await terminal.waitFor('· idle')
  await expectExactInput(terminal)
})

test('after a program has given the terminal back, input that arrives byte by byte is what was sent', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.submit('read x; echo "got <$x>"')
  await tui.waitFor('· waiting for you')
  tui.press('ctrl-o')
  await tui.waitFor(() => !tui.screen().includes('❯'))
  tui.type('x\r')
  await tui.waitFor('got <x>')
  await typeTorn(tui, reports)
  await tui.waitFor('· idle')
  await expectExactInput(tui)
})
