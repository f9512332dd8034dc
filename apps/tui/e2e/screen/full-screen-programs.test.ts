import {writeFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import type {NeedName} from '../../../../tooling/vitest/needs.ts'
import {need} from '../../../../tooling/vitest/need.ts'
import {createHome} from '../support/home.ts'
import {openTui} from '../support/tui.ts'

/** A command, what it shows when it has the terminal, and the keys that end it. */
const programs: readonly [NeedName, string, RegExp, string][] = [
  ['man', 'man -P "less -R" true', /^NAME$/m, 'q'],
  ['htop', 'htop', /F10.*Quit|Quit *$/m, 'q'],
  ['top', 'top', /^top - /m, 'q'],
  ['fzf', 'x=$(printf "one\\ntwo\\n" | fzf); echo "got $x"', /2\/2/, ''],
  ['fzf', 'x=$(printf "one\\ntwo\\n" | fzf --height=6); echo "got $x"', /2\/2/, ''],
  ['nano', 'nano file.txt', /GNU nano/, '\u0018'],
  ['tmux', 'tmux -L keys -f /dev/null new "sh -c \'echo inside; read x\'"', /^inside$/m, 'x\r'],
  ['bash', 'bash --norc', /^bash.*[$#] *$/m, 'exit\r'],
]

test.for(programs)('%s has the terminal until it ends: %s', async ([program, command, shows, end]) => {
  need(program)
  const SHELL = need('bash')
  await using home = createHome()
  writeFileSync(`${home.project}/file.txt`, 'text\n')
  await using tui = await openTui(home, [], {env: {SHELL}, cols: 100})
  await tui.submitLast(command)
  await tui.waitFor(() => shows.test(tui.screen()) && !/· (?:\S )?(?:running|waiting)/.test(tui.screen()))
  if (program === 'fzf') {
    // It looks for the letters while it takes keys.
    tui.type('two')
    await tui.waitFor('1/2')
    tui.type('\r')
  } else tui.type(end)
  await tui.waitFor(/^✓/m)
  await tui.waitFor('· idle')
  expect(tui.screen()).not.toContain('queued')
  if (program === 'fzf') expect(tui.scrollback()).toMatch(/^got two$/m)
  await tui.submit('echo after')
  await tui.waitFor(/^after\n✓/m)
  expect(tui.modes().changed).toEqual(['?1004h', '?2004h', '?25l'])
})
