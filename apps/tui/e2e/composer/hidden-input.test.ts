import {existsSync, writeFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import {filesWith} from '../support/files-with.ts'
import {createHome} from '../support/home.ts'
import {openTui, type Tui} from '../support/tui.ts'
import {waitForWritten} from './written.ts'

const first = 'hunter22'
const second = 'hunter333'
const third = 'touch hunted'
const paste = (...lines: string[]) => `\u001b[200~${lines.join('\r')}\u001b[201~`
const dots = (text: string) => `» ${'•'.repeat(text.length)}`

async function begin(tui: Tui, command: string): Promise<void> {
  await tui.submit(command)
  await tui.waitFor('Not shown · Enter sends it')
}

/** Each reads two secrets, and tells only how long they are. */
const askers = [
  ['bash', 'read -rs a; read -rs b; echo "${#a} and ${#b}"'],
  ['zsh', 'read -rs a; read -rs b; echo "${#a} and ${#b}"'],
  ['fish', `sh -c 'stty -echo; read a; read b; stty echo; echo "\${#a} and \${#b}"'`],
  ['dash', 'stty -echo; read a; read b; stty echo; echo "${#a} and ${#b}"'],
  ['python3', `python3 ask.py`],
] as const

test.for(askers)(
  '%s: of a paste of several lines, each Enter sends one to a program that hides them; what it does not ask for is thrown away',
  async ([asker, command]) => {
    const program = need(asker)
    await using home = createHome()
    const code = 'from getpass import getpass\na = getpass("")\nb = getpass("")\nprint(len(a), "and", len(b))\n'
    writeFileSync(`${home.project}/ask.py`, code)
    const env = {SHELL: asker === 'python3' ? need('bash') : program}
    await using tui = await openTui(home, [], {env, cols: 120})
    await begin(tui, command)
    tui.type(paste(first, second, third))
    await tui.waitFor('Not shown, several lines · Enter sends the first one · Esc clears them')
    tui.press('enter')
    await waitForWritten(tui, dots(`${second}\n${third}`))
    tui.press('enter')
    await tui.waitFor(/^8 and 9\n✓/m)
    await tui.waitFor('The program no longer hides what you type: what was not sent was thrown away')
    await waitForWritten(tui, '❯')
    tui.type('echo over""')
    await waitForWritten(tui, '❯ echo over""')
    // What is typed at once may be the rest of a secret, and needs a second one.
    tui.press('enter')
    tui.press('enter')
    await tui.waitFor(/^over\n✓/m)
    expect(existsSync(`${home.project}/hunted`)).toBe(false)
    expect(tui.bytes.includes('hunt')).toBe(false)
    expect(filesWith(home, 'hunt')).toEqual([])
  },
)

test('sudo: of two passwords that are pasted, it gets the first; before it asks again, the other one is thrown away', async () => {
  need('sudo')
  need('second user')
  await using home = createHome()
  await using tui = await openTui(home, [], {cols: 120})
  await begin(tui, `setpriv --reuid 65534 --regid 65534 --clear-groups sudo -p 'secret? ' true`)
  await waitForWritten(tui, '» secret?')
  tui.type(paste(first, second))
  await tui.waitFor(/^» secret\? •+$/m)
  tui.press('enter')
  await tui.waitFor('The program no longer hides what you type: what was not sent was thrown away')
  await tui.waitFor('Sorry, try again.')
  await waitForWritten(tui, '» secret?')
  tui.press('ctrl-c')
  await tui.waitFor('· idle')
  expect(filesWith(home, 'hunt')).toEqual([])
})
