import {expect, test} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import {filesWith} from '../support/files-with.ts'
import {createHome} from '../support/home.ts'
import {openTui} from '../support/tui.ts'
import {waitForWritten} from './written.ts'

/** Reads two lines. */
const readers = [
  ['bash', `read -p 'First: ' a; read b; echo "$a and $b"`],
  ['zsh', `read 'a?First: '; read b; echo "$a and $b"`],
  ['fish', `read -P 'First: ' a; read -P '' b; echo "$a and $b"`],
  ['dash', `printf 'First: '; read a; read b; echo "$a and $b"`],
] as const

test.for(readers)(
  '%s: a line typed at once behind an answer answers the next question, and one behind that stays, marked',
  async ([shell, code]) => {
    await using home = createHome()
    await using tui = await openTui(home, [], {env: {SHELL: need(shell)}, cols: 120})
    await tui.submit(code)
    await waitForWritten(tui, '» First:')
    tui.type('one')
    await waitForWritten(tui, '» First: one')
    tui.press('enter')
    tui.type('two\r')
    await tui.waitFor(/^one and two\n✓/m)
    await tui.submit(code)
    await waitForWritten(tui, '» First:')
    tui.type('\u001b[200~three\rfour\recho five\u001b[201~')
    await tui.waitFor('echo five')
    tui.press('enter')
    await tui.waitFor(/^three and four\n✓/m)
    await waitForWritten(tui, '❯ echo five')
    await tui.waitFor('Typed for a program that has ended · Enter twice runs it')
    expect(tui.scrollback()).not.toMatch(/^five$/m)
    tui.press('enter')
    await tui.waitFor(/^ {2}Enter runs it · Ctrl-C clears it$/m)
    tui.press('enter')
    await tui.waitFor(/^five\n✓/m)
  },
)

test('what is typed behind the end of python3 stays, marked, and runs when the user has seen it', async () => {
  need('python3')
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.submit('python3 -q')
  await waitForWritten(tui, '» >>>')
  tui.type('x = 6 * 7')
  await waitForWritten(tui, '» >>> x = 6 * 7')
  tui.press('enter')
  tui.type('print("is", x)\r')
  await tui.waitFor(/^is 42$/m)
  await waitForWritten(tui, '» >>>')
  tui.type('exit()')
  await waitForWritten(tui, '» >>> exit()')
  tui.press('enter')
  tui.type('echo back\r')
  await waitForWritten(tui, '❯ echo back')
  await tui.waitFor('Typed for a program that has ended · Enter twice runs it')
  tui.press('enter')
  await tui.waitFor(/^ {2}Enter runs it · Ctrl-C clears it$/m)
  expect(tui.scrollback()).not.toMatch(/^back$/m)
  tui.press('enter')
  await tui.waitFor(/^back\n✓/m)
})

test('behind a secret, a second one is hidden, too, and what nobody asks for is thrown away', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.submit('read -rs a; read -rs b; echo "${#a} and ${#b}"')
  await tui.waitFor('Not shown · Enter sends it')
  tui.type('hunter22')
  await waitForWritten(tui, '» ••••••••')
  // In one write: what comes later may be typed for what the screen shows then.
  tui.type('\rhunter333\r')
  await tui.waitFor(/^8 and 9\n✓/m)
  await tui.submit('read -rs a; echo "has ${#a}"')
  await tui.waitFor('Not shown · Enter sends it')
  tui.type('hunter22')
  await waitForWritten(tui, '» ••••••••')
  tui.type('\rhunter22\r')
  await tui.waitFor('The program no longer hides what you type: what was not sent was thrown away')
  await tui.waitFor(/^has 8\n✓/m)
  await waitForWritten(tui, '❯')
  tui.press('up')
  await waitForWritten(tui, '❯ read -rs a; echo "has ${#a}"')
  expect(tui.bytes.includes('hunter')).toBe(false)
  expect(filesWith(home, 'hunter')).toEqual([])
})
