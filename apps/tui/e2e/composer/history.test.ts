import {test} from 'vitest'

import {createHome} from '../support/home.ts'
import {ctrl} from '../support/key-bytes.ts'
import {startServer} from '../support/serve.ts'
import {openTui, type Tui} from '../support/tui.ts'
import {waitForWritten} from './written.ts'

/** Presses ↑ until a text is there: the history is loaded a moment after the session. */
async function recall(tui: Tui, text: string): Promise<void> {
  await tui.waitFor('· idle')
  tui.type(ctrl('r'))
  tui.type(text)
  await tui.waitFor(`  ${text}`)
  await leaveSearch(tui)
}

/** Presses Esc, and waits until it is recognized: with the next key, it could become an Alt key. */
async function leaveSearch(tui: Tui): Promise<void> {
  tui.press('escape')
  await tui.waitFor(() => !tui.screen().includes('Esc back'))
}

test('↑ and Ctrl-R recall the prompts of other sessions, also with --connect', async () => {
  await using home = createHome()
  for (const text of ['echo one', 'echo two', 'echo one']) await home.holdfast(['run', '--', text])
  await using server = await startServer(home)
  await using there = createHome()
  for (const tui of [await openTui(home), await openTui(there, server.optionsFor())]) {
    await using screen = tui
    await recall(screen, 'echo two')
    screen.press('up')
    await waitForWritten(screen, '❯ echo one')
    screen.press('up')
    await waitForWritten(screen, '❯ echo two')
    screen.press('up')
    await waitForWritten(screen, '❯ echo two')
    screen.press('down')
    screen.press('down')
    await waitForWritten(screen, '❯')
  }
})

test('Ctrl-R shows a match as you type; again, an older one; Enter takes it into the draft, Esc does not', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  for (const text of ['echo red', 'echo green', 'echo blue']) {
    await tui.submit(text)
    await tui.waitFor(new RegExp(`^${text.slice(5)}\\n✓`, 'm'))
  }
  tui.type('kept')
  tui.type(ctrl('r'))
  tui.type('re')
  await tui.waitFor(/^history: re▏\n {2}echo green\n {2}Enter takes it/m)
  tui.type(ctrl('r'))
  await tui.waitFor(/^history: re▏\n {2}echo red\n/m)
  await leaveSearch(tui)
  await waitForWritten(tui, '❯ kept')
  tui.type(ctrl('r'))
  tui.type('gre\r')
  await waitForWritten(tui, '❯ echo green')
  tui.type(' too\r')
  await tui.waitFor(/^green too\n✓/m)
})
