import {mkdirSync, writeFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {createHome} from '../support/home.ts'
import {alt, ctrl, pasted} from '../support/key-bytes.ts'
import {openTui, type Tui} from '../support/tui.ts'
import {waitForWritten} from './written.ts'

/** The rows below the status line. */
function composerOf(tui: Tui): string {
  const rows = tui.screen().split('\n')
  return rows.slice(rows.findLastIndex((row) => /· (?:\S )?(?:idle|running)\b/.test(row)) + 1).join('\n')
}

test.each([
  [80, 24],
  [120, 40],
  [40, 12],
])('the composer and the overlay above it at %i×%i', async (columns, rows) => {
  await using home = createHome()
  mkdirSync(`${home.project}/src`)
  for (let number = 1; number <= 20; number++) writeFileSync(`${home.project}/src/file ${number}.ts`, '')
  await using tui = await openTui(home)
  tui.resize(columns, rows)
  await tui.waitFor('· idle')
  const seen: string[] = []
  /** Types, waits, returns the screen, closes the menu and clears the draft. */
  const keep = async (name: string, keys: string, shows: string | RegExp, {isOpen = true} = {}) => {
    tui.type(keys)
    await tui.waitFor(shows)
    // A frame may arrive in two parts, and the draft is its last one.
    await tui.waitFor(() => /^[❯»]/m.test(composerOf(tui)))
    seen.push(`── ${name}\n${composerOf(tui).replaceAll(home.project, '/project')}\n`)
    if (isOpen) {
      tui.press('escape')
      await tui.waitFor(() => tui.screen().search(shows) === -1)
    }
    tui.type(alt('<') + ctrl('k').repeat(6))
    await waitForWritten(tui, '❯')
  }
  await tui.submit('echo 日本語 wide')
  await tui.waitFor(/^✓/m)
  await keep('the slash commands', '/', 'Tab completes')
  await keep('paths', `cat @src/f`, 'Tab completes')
  await keep('what was entered before', `${ctrl('r')}wide`, /history: wide▏\n.*✓ +now.*\n(?!.*reading).*Esc back/)
  await keep('several lines, one of them wide', `one${ctrl('j')}${'日本語'.repeat(10)}${ctrl('j')}end`, 'end', {
    isOpen: false,
  })
  await keep('a collapsed paste', pasted('line\n'.repeat(213)), '[pasted 213 lines, 1 kB]', {isOpen: false})
  await tui.submit('sleep 60')
  await tui.waitFor(/· (?:\S )?running/)
  for (const number of [1, 2]) await tui.submit(`echo ${number}`)
  await tui.waitFor('· 2 queued')
  // Before that, they are not in the queue yet and could not be changed.
  await tui.waitFor('↑ edits the queue')
  await keep('the queue', '\u001b[A', '2 prompts in the queue')
  await keep('input', ctrl('t'), '»')
  await keep('the question of /quit', '/quit\r', 'Esc stays')
  await expect(seen.join('\n')).toMatchFileSnapshot(`../screens/composer-${columns}x${rows}.txt`)
  expect(tui.bytes.includes('\u001b[2J')).toBe(false)
})
