import {setTimeout as delay} from 'node:timers/promises'

import {expect, test} from 'vitest'

import {attached} from '../support/attaching.ts'
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
  '\u001b[<35;10;10M',
  '\u001b[I',
  '\u001b[?64;1;2c',
]

/** Sends each byte in a write of its own, when the terminal has taken the one before. */
async function typeTorn(terminal: Terminal, text: string): Promise<void> {
  for (const character of text) {
    terminal.type(character)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

async function expectExactInput(terminal: Terminal): Promise<void> {
  await typeTorn(terminal, `ec${reports.join('')}ho ${pasted('one\ntwo')}`)
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

test.each([25, 60])(
  'the composer joins a paste, a key or a report that arrives in two parts, %i ms apart',
  async (ms) => {
    await using home = createHome()
    await using tui = await openTui(home)
    await tui.waitFor('· idle')
    const typeInParts = async (text: string, at: number) => {
      tui.type(text.slice(0, at))
      await delay(ms)
      tui.type(text.slice(at))
    }
    for (const sequence of [...reports, '\u001b[D', '\u001bOC']) {
      for (let at = 1; at < sequence.length; at++) await typeInParts(sequence, at)
    }
    await waitForWritten(tui, '❯ ')
    const text = pasted('ab')
    for (let at = 1; at < text.length; at++) await typeInParts(text, at)
    await waitForWritten(tui, `❯ ${'ab'.repeat(text.length - 1)}`)
  },
)

test('before the first frame, the composer takes typed text, and drops reports of the terminal', async () => {
  await using home = createHome()
  await using tui = await openTui(home, [], {typed: `ec${reports.join('')}ho early`})
  await tui.waitFor('· idle')
  await waitForWritten(tui, '❯ echo early')
  tui.press('enter')
  await tui.waitFor(/^early\n✓/m)
  expect(tui.scrollback().match(/^early$/gm)).toHaveLength(1)
})

test('after a program has given the terminal back, input that arrives byte by byte is what was sent', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.submit('read x; echo "got <$x>"')
  await tui.waitFor('· waiting for you')
  tui.press('ctrl-o')
  await attached(tui)
  tui.type('x\r')
  await tui.waitFor(/got <x>\n✓/)
  await typeTorn(tui, reports.join(''))
  await tui.waitFor('· idle')
  await expectExactInput(tui)
})
