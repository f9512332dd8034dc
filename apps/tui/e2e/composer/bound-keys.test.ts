import {mkdirSync, writeFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import {createHome, type Home} from '../support/home.ts'
import {alt, ctrl} from '../support/key-bytes.ts'
import {openTui} from '../support/tui.ts'
import {waitForWritten} from './written.ts'

function bind(home: Home, keys: object): void {
  mkdirSync(`${home.user}/.config/holdfast`, {recursive: true})
  writeFileSync(`${home.user}/.config/holdfast/config.json`, JSON.stringify({keys}, null, 2))
}

test('bound keys do what their actions do, the keys that they had do nothing, and texts name them', async () => {
  await using home = createHome()
  bind(home, {
    expand: 'ctrl-o',
    attach: ['alt-o', 'alt-page-up'],
    killToStart: 'ctrl-q',
    newLine: 'alt-j',
    editor: 'alt-e',
  })
  writeFileSync(`${home.project}/edit`, `#!/bin/sh\nprintf 'echo from-the-editor' > "$1"\n`, {mode: 0o755})
  await using tui = await openTui(home, [], {env: {VISUAL: `${home.project}/edit`}})
  await tui.submit('seq 1 1000')
  await tui.waitFor(/lines collapsed · Ctrl-O expands them/)
  tui.type(ctrl(']'))
  tui.type(ctrl('o'))
  await tui.waitFor('End of the output: 1,000 lines.')
  expect(tui.scrollback()).not.toContain('A command is running')

  tui.type(`one${ctrl('u')}`)
  await waitForWritten(tui, '❯ one')
  tui.type(ctrl('q'))
  await waitForWritten(tui, '❯')
  tui.type(`echo a${alt('j')}echo b`)
  await waitForWritten(tui, '❯ echo a\necho b')
  tui.type(`${ctrl('x')}${ctrl('e')}!`)
  await waitForWritten(tui, '❯ echo a\necho b!')
  tui.type(alt('e'))
  await waitForWritten(tui, '❯ echo from-the-editor')
  tui.press('enter')
  await tui.waitFor(/^from-the-editor$/m)

  await tui.submit('/help')
  await tui.waitFor(() => /^Ctrl-O +prints the output/m.test(tui.scrollback()))
  expect(tui.scrollback()).toMatch(/^Alt-O +gives the running program the terminal/m)
  await tui.submit('sleep 1000')
  await tui.waitFor(/ · (?:\S )?running/)
  tui.type('\u001b[5;3~')
  await tui.waitFor(() => !/ · (?:\S )?running/.test(tui.screen()))
  tui.type(ctrl('c'))
  await tui.waitFor(/^■|^✗/m)
})

test('a program that reads keys gets those that have no action, and a hint names the key that opens a prompt', async () => {
  await using home = createHome()
  bind(home, {answer: 'alt-a', clear: 'off'})
  const ask = (question: string) => `read -rn1 -p '${question} ' a; printf 'got <%q>\\n' "$a"\n`
  writeFileSync(`${home.project}/ask`, ask('Sure?') + ask('Again?'))
  await using tui = await openTui(home, ['--shell', need('bash')])
  await tui.submit('. ./ask')
  await waitForWritten(tui, '» Sure?')
  await tui.waitFor('Keys go to the program at once · Alt-A types a command')
  tui.type(ctrl('t'))
  await tui.waitFor("got <$'\\024'>")
  await waitForWritten(tui, '» Again?')
  tui.type(alt('a'))
  await waitForWritten(tui, '❯')
  tui.type(alt('a'))
  await waitForWritten(tui, '» Again?')
  tui.type(ctrl('l'))
  await tui.waitFor("got <$'\\f'>")
})

test('a binding with a problem is named with its line, and the action has its default key', async () => {
  await using home = createHome()
  bind(home, {expand: 'ctrl-c', clear: 'ctrl-r'})
  await using tui = await openTui(home)
  const problems = () => tui.scrollback().replaceAll('\n', ' ')
  await tui.waitFor(() => /`keys\.expand` in \S+, line 3: ctrl-c cannot be bound/.test(problems()))
  await tui.waitFor(() => /`keys\.clear` in \S+, line 4: ctrl-r is the key of `history`/.test(problems()))
  await tui.waitFor('· idle')
  tui.type(ctrl('r'))
  await tui.waitFor('history: ▏')
})
