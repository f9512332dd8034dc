import {readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs'

import {createClient} from '@holdfast/client'
import {localGateway} from '@holdfast/client/local'
import {maxPromptBytes} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import {cli, createHome} from '../support/home.ts'
import {ctrl} from '../support/key-bytes.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {openTerminal} from '../support/terminal.ts'
import {openTui} from '../support/tui.ts'
import {until} from '../support/until.ts'
import {waitForWritten} from './written.ts'

const openEditor = ctrl('x') + ctrl('e')

test('Ctrl-X Ctrl-E opens the draft in $VISUAL; what it saves comes back, and runs only on Enter', async () => {
  need('vim')
  await using home = createHome()
  await using tui = await openTui(home, [], {env: {VISUAL: 'vim -u NONE', EDITOR: 'false'}})
  await tui.waitFor('· idle')
  tui.type('echo one')
  await waitForWritten(tui, '❯ echo one')
  tui.type(openEditor)
  await tui.waitFor(/^echo one\n~/m)
  const [folder] = readdirSync(home.temporary).filter((name) => name.startsWith('holdfast-edit-'))
  const path = `${home.temporary}/${folder}`
  const modes = [path, `${path}/prompt.sh`].map((each) => (statSync(each).mode & 0o777).toString(8))
  expect(modes).toEqual(['700', '600'])
  tui.type('A two\recho three\x1b:wq\r')
  await tui.waitFor(/^❯ echo one two\n… echo three/m)
  expect(readdirSync(home.temporary).filter((name) => name.startsWith('holdfast-edit-'))).toEqual([])
  expect(tui.scrollback()).not.toMatch(/^✓/m)
  tui.press('enter')
  await tui.waitFor(/^one two\nthree\n✓/m)
})

test('an editor that fails, or that is not there, leaves the draft as it was, and says so', async () => {
  await using home = createHome()
  writeFileSync(`${home.user}/editor`, '#!/bin/sh\necho "rm -rf /" > "$1"\nexit 3\n', {mode: 0o755})
  for (const [editor, notice] of [
    [`${home.user}/editor`, 'The editor ended with exit status 3: the draft is as it was'],
    ['no-such-editor', 'There is no editor `no-such-editor`: set $VISUAL or $EDITOR to one'],
  ] as const) {
    await using tui = await openTui(home, [], {env: {EDITOR: editor}})
    await tui.waitFor('· idle')
    tui.type('make')
    await waitForWritten(tui, '❯ make')
    tui.type(openEditor)
    await tui.waitFor(notice)
    await waitForWritten(tui, '❯ make')
    tui.type(ctrl('u'))
    await waitForWritten(tui, '❯')
  }
})

test('an edited text that is too long for a prompt stays in its file, which the notice names', async () => {
  await using home = createHome()
  writeFileSync(
    `${home.user}/editor`,
    `#!/bin/sh\nhead -c ${maxPromptBytes} /dev/zero | tr '\\0' x > "$1"; echo end >> "$1"\n`,
    {mode: 0o755},
  )
  await using tui = await openTui(home, [], {env: {EDITOR: `${home.user}/editor`}, cols: 200})
  await tui.waitFor('· idle')
  tui.type('make')
  await waitForWritten(tui, '❯ make')
  tui.type(openEditor)
  await tui.waitFor('The edited text was not read (expected at most 4194304 bytes, got more): it is in')
  await waitForWritten(tui, '❯ make')
  const [folder] = readdirSync(home.temporary).filter((name) => name.startsWith('holdfast-edit-'))
  const path = `${home.temporary}/${folder}/prompt.sh`
  expect(tui.screen()).toContain(`it is in ${path}`)
  expect(readFileSync(path, 'utf8')).toMatch(/^x{1000,}end\n$/)
})

test('an edited text is the prompt after a program has read a password meanwhile', async () => {
  await using home = createHome()
  writeFileSync(
    `${home.user}/editor`,
    '#!/bin/sh\n: > go; echo "echo edited" > "$1"; echo waits; until [ -e end ]; do sleep 0.01; done\n',
    {mode: 0o755},
  )
  await using tui = await openTui(home, [], {env: {EDITOR: `${home.user}/editor`}})
  writeFileSync(`${home.project}/ask`, 'until [ -e go ]; do sleep 0.01; done; read -sp "? " x; echo; echo "got [$x]"')
  await tui.submit('bash ask')
  await tui.waitFor(/· (?:\S )?running/)
  tui.type('echo draft')
  await waitForWritten(tui, '❯ echo draft')
  tui.type(openEditor)
  await tui.waitFor(/^waits$/m)
  const [{id}] = await sessionsOf(home)
  const client = createClient({gateway: localGateway({command: [process.execPath, cli, 'gateway'], env: home.env})})
  const session = await client.openSession(id)
  await until(async () => (await session.look()) === 'hidden', {what: 'the question'})
  writeFileSync(`${home.project}/end`, '')
  await tui.waitFor('the edited text waits in the prompt')
  tui.type(ctrl('u') + 'hunter2')
  await waitForWritten(tui, '» ? •••••••')
  tui.press('enter')
  await tui.waitFor(/^got \[hunter2\]\n✓/m)
  await waitForWritten(tui, '❯ echo edited')
  tui.press('enter')
  await tui.waitFor(/^edited\n✓/m)
  await client.close()
})

test.each(['bash', 'zsh'] as const)(
  'Ctrl-Z in the editor suspends it with the screen, in %s; fg resumes both',
  async (shell) => {
    need('vim')
    need(shell)
    await using home = createHome()
    const env = {...home.env, PS1: 'outer> ', HISTFILE: '', VISUAL: 'vim -u NONE'}
    const args = shell === 'bash' ? ['--norc', '-i'] : ['-f', '-i']
    await using terminal = await openTerminal({command: shell, args, env, cwd: home.project})
    await terminal.waitFor(/outer>$/)
    terminal.type(`${process.execPath} ${cli}\r`)
    await terminal.waitFor('· idle')
    terminal.type('echo one')
    await waitForWritten(terminal, '❯ echo one')
    terminal.type(openEditor)
    await terminal.waitFor(/^echo one\n~/m)
    terminal.type(ctrl('z'))
    await terminal.waitFor(/(Stopped|suspended)(.*\n)*outer>$/)
    terminal.type('fg\r')
    await terminal.waitFor(/^echo one\n~/m)
    terminal.type('A two\x1b:wq\r')
    await waitForWritten(terminal, '❯ echo one two')
    terminal.press('enter')
    await terminal.waitFor(/^one two\n✓/m)
    terminal.press('ctrl-d')
    terminal.press('ctrl-d')
    await terminal.waitFor(/The session is still running(.*\n)*outer>$/)
    terminal.type('exit\r')
    await terminal.exited
  },
)

test('Ctrl-C in the editor is for the editor alone', async () => {
  await using home = createHome()
  const editor = `${home.user}/editor`
  writeFileSync(editor, '#!/bin/sh\ntrap "echo caught; echo edited > $1; exit 0" INT\necho waits\nread line\n', {
    mode: 0o755,
  })
  await using tui = await openTui(home, [], {env: {EDITOR: editor}})
  await tui.waitFor('· idle')
  tui.type('make')
  await waitForWritten(tui, '❯ make')
  tui.type(openEditor)
  await tui.waitFor(/^waits$/m)
  tui.press('ctrl-c')
  await waitForWritten(tui, '❯ edited')
})
