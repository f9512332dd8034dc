import {writeFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import {filesWith} from '../support/files-with.ts'
import {createHome, type Home} from '../support/home.ts'
import {openTui, type Tui} from '../support/tui.ts'
import {waitForWritten} from './written.ts'

const until = 'until [ -e go ]; do sleep 0.05; done'

/** Each reads a secret, works with its echo on, and reads another one. */
const askers = [
  ['bash', `read -rs a; ${until}; read -rs b; echo "\${#a} and \${#b}"`],
  ['zsh', `read -rs a; ${until}; read -rs b; echo "\${#a} and \${#b}"`],
  ['fish', `sh -c 'stty -echo; read a; stty echo; ${until}; stty -echo; read b; stty echo; echo "\${#a} and \${#b}"'`],
  ['dash', `stty -echo; read a; stty echo; ${until}; stty -echo; read b; stty echo; echo "\${#a} and \${#b}"`],
  ['python3', 'python3 ask.py'],
] as const

const code = `
from getpass import getpass
from os.path import exists
from time import sleep
a = getpass('')
while not exists('go'): sleep(0.05)
print(len(a), 'and', len(getpass('')))
`

/** Answers the first question, and waits until the echo is on again. */
async function answer(tui: Tui, home: Home, command: string): Promise<void> {
  writeFileSync(`${home.project}/ask.py`, code)
  await tui.submit(command)
  await tui.waitFor('Not shown · Enter sends it')
  tui.type('hunter22')
  await waitForWritten(tui, '» ••••••••')
  tui.press('enter')
  await tui.waitFor('What you type now may be a secret · Enter twice queues it')
}

test.for(askers)(
  '%s: a second secret that is typed before the program asks for it is not queued by Enter, and goes on as dots',
  async ([asker, command]) => {
    const program = need(asker)
    await using home = createHome()
    const env = {SHELL: asker === 'python3' ? need('bash') : program}
    await using tui = await openTui(home, [], {env, cols: 160})
    await answer(tui, home, command)
    tui.type('hunter333')
    await tui.waitFor('Typed behind a secret, so not saved · Enter twice queues it')
    tui.press('enter')
    await tui.waitFor(/^ {2}Enter queues it$/m)
    writeFileSync(`${home.project}/go`, '')
    await waitForWritten(tui, '» •••••••••')
    tui.press('enter')
    await tui.waitFor(/^8 and 9\n✓/m)
    await waitForWritten(tui, '❯')
    tui.press('up')
    await tui.waitFor(() => !/^❯ *$/m.test(tui.screen()))
    expect(tui.screen()).not.toContain('hunter')
    expect(filesWith(home, 'hunter')).toEqual([])
  },
)

test('a password that is typed again for a program that ends instead stays, marked, and in no file', async () => {
  await using home = createHome()
  await using tui = await openTui(home, [], {cols: 120})
  await answer(tui, home, `read -rs a; ${until}; false`)
  tui.type('hunter22')
  await tui.waitFor('Typed behind a secret, so not saved · Enter twice queues it')
  writeFileSync(`${home.project}/go`, '')
  await tui.waitFor(/^✗/m)
  tui.type('22')
  await waitForWritten(tui, '❯ hunter2222')
  await tui.waitFor('Typed behind a secret, so not saved · Enter twice runs it · Ctrl-C clears it')
  tui.press('enter')
  await tui.waitFor(() => !tui.screen().includes('Typed behind a secret'))
  await waitForWritten(tui, '❯ hunter2222')
  tui.press('ctrl-c')
  await waitForWritten(tui, '❯')
  expect(filesWith(home, 'hunter')).toEqual([])
})
