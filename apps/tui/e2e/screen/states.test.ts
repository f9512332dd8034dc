import {mkdirSync} from 'node:fs'

import {expect, test} from 'vitest'

import {createHome} from '../support/home.ts'
import {openTui} from '../support/tui.ts'

const sizes = [
  {cols: 80, rows: 24},
  {cols: 120, rows: 40},
  {cols: 40, rows: 12},
] as const

test.each(sizes)('$cols×$rows: an empty screen, results and their meaning, what waits, /help', async ({cols, rows}) => {
  await using home = createHome()
  mkdirSync(`${home.project}/sub`)
  await using tui = await openTui(home, [], {cols, rows})
  const seen: string[] = []
  const keep = (name: string, text = tui.screen()) => {
    const stable = text.replaceAll(home.project, '/project').replaceAll(/…\w*\/project/g, '…/project')
    const timeless = stable
      .replaceAll(/^([✓✗].*?)(?: ·)? \d+(?:\.\d)? m?s$/gm, '$1')
      .replaceAll(/^✓ \d+(?:\.\d)? s · →/gm, '✓ →')
    seen.push(`── ${name}\n${timeless.replaceAll(/for you \d+ s/g, 'for you 0 s')}\n`)
  }
  /** How far the rows above have scrolled depends on the frames in between. */
  const below = (row: string) => tui.screen().slice(tui.screen().indexOf(row))
  await tui.waitFor('· idle')
  if (rows > 12) await tui.waitFor('Type a command')
  keep('an empty screen', tui.scrollback().trimEnd())

  const results: readonly (readonly [string, RegExp])[] = [
    ['true', /^✓(?: \d[^\n]*)?$/m],
    ['no-such-program', /exit 127/],
    [`sh -c 'kill -9 $$'`, /exit 137/],
    ['cd sub', /^✓ .*→/m],
  ]
  for (const [command, result] of results) {
    await tui.submit(command)
    await tui.waitFor(result)
    await tui.waitFor('· idle')
  }
  keep('results', tui.scrollback().slice(tui.scrollback().indexOf('❯ true')).trimEnd())

  await tui.submitLast('read -s -p "Passphrase: " secret')
  await tui.waitFor('» Passphrase:')
  tui.type('12345')
  await tui.waitFor('•••••')
  keep('a password', below('❯ read -s'))
  tui.type('\r')
  await tui.waitFor('· idle')

  await tui.submitLast('read -p "Name: " name; false')
  await tui.waitFor('WAITING')
  await tui.waitFor('» Name:')
  keep('a program reads a line', below('❯ read -p'))
  tui.press('ctrl-t')
  await tui.waitFor(/^❯ *$/m)
  await tui.submitLast('echo held')
  await tui.waitFor('1 queued')
  await tui.waitFor('»')
  tui.type('\r')
  await tui.waitFor('HELD')
  await tui.waitFor('Ctrl-G goes on')
  keep('prompts are held', below('  1. echo held'))
  tui.type('\u0007')
  await tui.waitFor(/^held$/m)

  await tui.waitFor('· idle')
  await tui.submit('/help')
  await tui.waitFor(() => /^Esc[^]*stops\s+the\s+agent/m.test(tui.scrollback()))
  await tui.waitFor('· idle')
  keep('/help', tui.scrollback().slice(tui.scrollback().indexOf('❯ /help')).trimEnd())
  await expect(seen.join('\n')).toMatchFileSnapshot(`../screens/states-${cols}x${rows}.txt`)
})
