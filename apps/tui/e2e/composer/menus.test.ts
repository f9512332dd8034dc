import {mkdirSync, writeFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {createHome} from '../support/home.ts'
import {ctrl, keyBytes} from '../support/key-bytes.ts'
import {startServer} from '../support/serve.ts'
import {openTui} from '../support/tui.ts'
import {waitForWritten} from './written.ts'

test('/ lists the matching slash commands; ↓ selects, Tab completes, Esc closes, Enter runs', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.waitFor('· idle')
  tui.type('/')
  await tui.waitFor(/^ {2}\/title TITLE +renames the session/m)
  tui.type('q')
  await tui.waitFor(() => !tui.screen().includes('/logs'))
  await tui.waitFor('Tab completes · ↑↓ choose · Esc closes')
  tui.press('escape')
  await tui.waitFor(() => !tui.screen().includes('Tab completes'))
  tui.type(ctrl('u'))
  tui.type('/l')
  await tui.waitFor('/logs')
  tui.type(keyBytes.tab)
  await waitForWritten(tui, '❯ /logs')
  tui.press('enter')
  await tui.waitFor('The end of ')
  tui.type('/logs now\r')
  await tui.waitFor('Expected `/logs` alone, got `/logs now`')
})

test('a long list leaves the last output in sight, and scrolls with its selection', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.waitFor('· idle')
  for (let number = 1; number <= 15; number++) {
    await tui.submit(`echo ${number} sheep`)
    await tui.waitFor(new RegExp(`^${number} sheep\n✓`, 'm'))
  }
  tui.type(ctrl('r'))
  await tui.waitFor(/^15 sheep\n✓[^\n]*\n[^]*^ {2}echo 15 sheep [^]*5 more · Enter takes it/m)
  tui.type('\u001b[B'.repeat(14))
  await tui.waitFor(/^15 sheep\n✓[^\n]*\n[^]*^ {2}echo 1 sheep [^]*5 more · Enter takes it/m)
  tui.press('enter')
  await waitForWritten(tui, '❯ echo 1 sheep')
})

test('@ completes a path in the session’s folder, quoted for the shell', async () => {
  await using home = createHome()
  mkdirSync(`${home.project}/my files`)
  writeFileSync(`${home.project}/my files/it's.txt`, 'found\n')
  writeFileSync(`${home.project}/other.txt`, '')
  await using tui = await openTui(home)
  await tui.waitFor('· idle')
  tui.type('cat @')
  await tui.waitFor(/^ {2}my files\/\n {2}other.txt\n {2}Tab completes/m)
  tui.type(keyBytes.tab)
  await tui.waitFor(/^ {2}it's.txt$/m)
  await waitForWritten(tui, String.raw`❯ cat my\ files/`)
  tui.type(keyBytes.tab)
  await waitForWritten(tui, String.raw`❯ cat my\ files/it\'s.txt`)
  tui.press('enter')
  await tui.waitFor(/^found\n✓/m)
  // Tab alone completes, too, in the session's current folder.
  await tui.submit(`cd 'my files'`)
  await tui.waitFor(/my files · idle/)
  tui.type(`wc -l i${keyBytes.tab}`)
  await waitForWritten(tui, String.raw`❯ wc -l it\'s.txt`)
})

test('paths of another machine are not completed', async () => {
  await using there = createHome()
  await using here = createHome()
  await using server = await startServer(there)
  await using tui = await openTui(here, server.optionsFor())
  await tui.waitFor('· idle')
  tui.type(`cat @${keyBytes.tab}x`)
  await waitForWritten(tui, '❯ cat @x')
  expect(tui.screen()).not.toContain('Tab completes')
})
