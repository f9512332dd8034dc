import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import {createHome, type Home} from '../support/home.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {openTui, type Tui} from '../support/tui.ts'

const shells = ['bash', 'zsh', 'fish', 'dash'] as const

/** A home in which fish does not fill this folder in the background at its first start, as a job that shares the terminal. */
function createUsedHome(): Home {
  const home = createHome()
  mkdirSync(`${home.user}/.local/share/fish/generated_completions`, {recursive: true})
  return home
}

/** Submits a command that ends with this status once the file `go` exists, and two prompts behind it. */
async function queueBehind(home: Home, tui: Tui, status: number): Promise<() => void> {
  await tui.submit(`sh -c 'until [ -e go ]; do sleep 0.01; done; exit ${status}'`)
  await tui.waitFor(/· (?:\S )?running/)
  await tui.submit('touch one')
  await tui.submit('touch two')
  // The list has only what the host has accepted.
  await tui.waitFor('↑ edits the queue')
  tui.press('up')
  await tui.waitFor('2 prompts in the queue')
  tui.press('escape')
  await tui.waitFor('↑ edits the queue')
  return () => writeFileSync(`${home.project}/go`, '')
}

const ran = (home: Home) => ['one', 'two', 'new'].filter((name) => existsSync(`${home.project}/${name}`))

test.for(shells)('in %s the queue waits after a command that failed, says why, and Ctrl-G goes on', async (shell) => {
  need(shell)
  await using home = createUsedHome()
  await using tui = await openTui(home, ['--shell', shell])
  const finish = await queueBehind(home, tui, 3)
  finish()
  await tui.waitFor(/^ {2}2 prompts wait: `sh -c 'until .*…` failed\n {2}Ctrl-G goes on · ↑ edits/m)
  await tui.waitFor('· idle · 2 held')
  await tui.submit('touch new')
  await tui.waitFor(/^❯ touch new\n✓/m)
  expect(ran(home)).toEqual(['new'])
  tui.type('\u0007')
  await tui.waitFor(/^❯ touch one\n✓.*\n\n❯ touch two\n✓/m)
  await tui.waitFor(/· idle$/m)
  expect(ran(home)).toEqual(['one', 'two', 'new'])
})

test('after Ctrl-C the queue waits; ↑ and Enter edit a prompt, Delete drops the rest, and ↑ recalls it', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await queueBehind(home, tui, 0)
  tui.press('ctrl-c')
  await tui.waitFor(/^ {2}2 prompts wait: `sh -c .*` was interrupted$/m)
  tui.press('up')
  await tui.waitFor('Ctrl-G goes on · Enter edits')
  tui.press('enter')
  await tui.waitFor(/^❯ touch two$/m)
  await tui.waitFor('1 prompt waits')
  tui.press('ctrl-c')
  await tui.waitFor(/^❯$/m)
  tui.type('\u001b[3~')
  await tui.waitFor('Dropped: ↑ recalls it')
  await tui.waitFor(/· idle$/m)
  tui.press('up')
  await tui.waitFor(/^❯ touch one$/m)
  expect(ran(home)).toEqual([])
})

test('a success lets the queue run', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  const finish = await queueBehind(home, tui, 0)
  finish()
  await tui.waitFor(/^❯ touch two\n✓/m)
})

test('with the setting `queue: always`, the queue runs after a failure', async () => {
  await using home = createHome()
  mkdirSync(`${home.user}/.config/holdfast`, {recursive: true})
  writeFileSync(`${home.user}/.config/holdfast/config.json`, '{"queue": "always"}')
  await using tui = await openTui(home)
  const finish = await queueBehind(home, tui, 3)
  finish()
  await tui.waitFor(/^❯ touch two\n✓/m)
})

test('a queue behind a host that is killed waits, also in the next screen, and `run` passes it', async () => {
  await using home = createHome()
  const first = await openTui(home)
  await queueBehind(home, first, 0)
  const {pid} = await home.process('host')
  process.kill(pid, 'SIGKILL')
  await first.waitFor(/2 prompts wait: .* ended when its host died/)
  await first.waitFor(/^The shell ended with its host\./m)
  first.kill('SIGKILL')
  await first[Symbol.asyncDispose]()
  await using tui = await openTui(home, ['--continue'])
  await tui.waitFor(/2 prompts wait: .* ended when its host died/)
  const [{id}] = await sessionsOf(home)
  const {exitCode} = await home.holdfast(['run', '--session', id, '--', 'touch new'])
  expect([exitCode, ran(home)]).toEqual([0, ['new']])
  tui.type('\u0007')
  await tui.waitFor(/^❯ touch two\n✓/m)
  expect(ran(home)).toEqual(['one', 'two', 'new'])
})

test.for(shells)('a shell in %s that exits says what is gone, and the folder is kept', async (shell) => {
  need(shell)
  await using home = createUsedHome()
  mkdirSync(`${home.project}/sub`)
  await using tui = await openTui(home, ['--shell', shell])
  await tui.submit('cd sub')
  await tui.waitFor(/^✓/m)
  await tui.submit('exit 3')
  await tui.waitFor(
    /^❯ exit 3\n✗ exit 3.*\nThe shell exited with 3\. The next command gets a new one in the same folder/m,
  )
  await tui.submit('pwd')
  await tui.waitFor(/\/sub\n✓/m)
  const [{id}] = await sessionsOf(home)
  expect((await home.holdfast(['show', id])).stdout).toContain('The shell exited with 3.')
})

test('a shell that is killed between two commands is told at once', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.submit('echo $$ > pid')
  await tui.waitFor(/^✓/m)
  process.kill(Number(readFileSync(`${home.project}/pid`, 'utf8')), 'SIGKILL')
  await tui.waitFor('The shell was ended by SIGKILL.')
})
