import {expect, test} from 'vitest'

import {cli, createHome} from '../support/home.ts'
import {openTerminal} from '../support/terminal.ts'
import {openTui} from '../support/tui.ts'

test('a terminal without a known size gets a screen, and is resized when it reports its size', async () => {
  await using home = createHome()
  const script = 'stty rows 0 cols 0; exec "$@"'
  const args = ['-c', script, 'sh', process.execPath, cli]
  await using terminal = await openTerminal({command: '/bin/sh', args, env: home.env, cwd: home.project})
  await terminal.waitFor('· idle')
  terminal.resize(90, 30)
  // The signal and the keys may arrive in any order.
  terminal.type('until [ "$(stty size)" = "30 90" ]; do sleep 0.05; done; stty size')
  terminal.press('enter')
  await terminal.waitFor(/^30 90$/m)
})

test('in a terminal that gets narrow, the state is still visible', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.waitFor(/^project · bash · .*\/project · idle$/m)
  tui.resize(40, 24)
  await tui.waitFor(/^project · \/tmp\/hf-\w+\/project · idle$/m)
})

test('run works in a terminal without a known size', async () => {
  await using home = createHome()
  const script = 'stty rows 0 cols 0; exec "$@"'
  const args = ['-c', script, 'sh', process.execPath, cli, 'run', '--', 'echo hello']
  await using terminal = await openTerminal({command: '/bin/sh', args, env: home.env, cwd: home.project})
  expect(await terminal.exited).toBe(0)
  await terminal.waitFor('hello')
})

test('a deleted current folder is one line on stderr where it is needed, and no problem elsewhere', async () => {
  await using home = createHome()
  const args = ['-c', 'mkdir gone && cd gone && rmdir "$PWD" && exec "$@"', 'sh', process.execPath, cli]
  const inGoneFolder = async (...words: string[]) => {
    await using terminal = await openTerminal({
      command: '/bin/sh',
      args: [...args, ...words],
      env: home.env,
      cwd: home.project,
    })
    const exitCode = await terminal.exited
    return {exitCode, shown: terminal.scrollback()}
  }
  const message = 'holdfast: the current folder was removed: change to another one'
  for (const words of [['run', '--', 'true'], []]) {
    const {exitCode, shown} = await inGoneFolder(...words)
    expect({exitCode, message: shown.split('\n').at(-1)}).toEqual({exitCode: 1, message})
  }
  expect(await inGoneFolder('ls')).toMatchObject({exitCode: 0, shown: expect.stringMatching(/^No sessions/) as string})
})
