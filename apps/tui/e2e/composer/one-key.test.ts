import {writeFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import {createHome} from '../support/home.ts'
import {startServer} from '../support/serve.ts'
import {openTui, type Tui} from '../support/tui.ts'
import {waitForWritten} from './written.ts'

const hint = 'Keys go to the program at once · Ctrl-T types a command'
const inBash = `read -n1 -p 'Sure? ' a; echo; read -p 'Name: ' n; echo "got <$a $n>"`

/** Reads a key, then a line. */
const askers = [
  ['bash', '. ./ask', inBash],
  ['zsh', '. ./ask', `read -k1 'a?Sure? '; echo; read 'n?Name: '; echo "got <$a $n>"`],
  ['fish', 'bash ./ask', inBash],
  [
    'dash',
    '. ./ask',
    `printf 'Sure? '; stty -icanon; a=$(head -c1); stty icanon; echo; printf 'Name: '; read n; echo "got <$a $n>"`,
  ],
] as const

async function answer(tui: Tui) {
  await waitForWritten(tui, '» Sure?')
  await tui.waitFor(hint)
  tui.type('y')
  await waitForWritten(tui, '» Name:')
  expect(tui.screen()).toMatch(/^Sure\? y$/m)
  tui.type('ada\r')
  await tui.waitFor(/^got <y ada>\n✓/m)
}

test.for(askers)(
  '%s: a key goes at once to a program that reads one, and no Enter behind it; a command waits meanwhile',
  async ([shell, command, code]) => {
    const path = need(shell)
    await using home = createHome()
    writeFileSync(`${home.project}/ask`, `${code}\n`)
    await using tui = await openTui(home, ['--shell', path])
    await tui.submit(command)
    await waitForWritten(tui, '» Sure?')
    tui.press('ctrl-t')
    await waitForWritten(tui, '❯')
    await tui.submitLast('echo que""ued')
    await answer(tui)
    // Under load, fish may draw a part of its prompt before the output: see docs/shells.md.
    await tui.waitFor(/queued\n✓/m)
  },
)

test('zsh: read -q has its answer with the key', async () => {
  await using home = createHome()
  await using tui = await openTui(home, ['--shell', need('zsh')])
  await tui.submit('read -q "?Sure? " && echo go""ing')
  await waitForWritten(tui, '» Sure?')
  await tui.waitFor(hint)
  tui.type('y')
  await tui.waitFor(/^Sure\? ygoing\n✓/m)
})

test('a key goes at once to a program on another machine', async () => {
  await using there = createHome()
  await using here = createHome()
  await using server = await startServer(there)
  writeFileSync(`${there.project}/ask`, `${inBash}\n`)
  await using tui = await openTui(here, server.optionsFor(), {env: {SHELL: need('bash')}})
  await tui.waitFor('· idle')
  await tui.submit(`. ${there.project}/ask`)
  await answer(tui)
})

test('what was typed before the program reads a key stays, marked, and is not sent to it', async () => {
  await using home = createHome()
  writeFileSync(`${home.project}/ask`, `until [ -e go ]; do sleep 0.05; done; ${inBash}\n`)
  await using tui = await openTui(home, ['--shell', need('bash')])
  await tui.submit('. ./ask')
  await tui.waitFor(/· (?:\S )?running/)
  tui.type('git st')
  await waitForWritten(tui, '❯ git st')
  writeFileSync(`${home.project}/go`, '')
  await tui.waitFor('Typed before the program asked · Ctrl-T sends keys to the program')
  tui.type('a')
  await waitForWritten(tui, '❯ git sta')
  tui.press('ctrl-t')
  await answer(tui)
  await waitForWritten(tui, '❯ git sta')
})

test('keys that are typed ahead answer one question after the other', async () => {
  await using home = createHome()
  await using tui = await openTui(home, ['--shell', need('bash')])
  writeFileSync(`${home.project}/ask`, `for i in 1 2 3; do read -n1 -p 'Sure? ' a; echo " got <$a>"; done; ${inBash}\n`)
  await tui.submit('. ./ask')
  await waitForWritten(tui, '» Sure?')
  await tui.waitFor(hint)
  tui.type('abcdAda')
  await waitForWritten(tui, '» Name: Ada')
  tui.press('enter')
  await tui.waitFor(/^got <d Ada>\n✓/m)
  for (const key of 'abc') expect(tui.screen()).toMatch(new RegExp(`^Sure\\? ${key} got <${key}>$`, 'm'))
})
