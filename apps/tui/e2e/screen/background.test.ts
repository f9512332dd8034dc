import {writeFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import {createHome} from '../support/home.ts'
import {openTui} from '../support/tui.ts'
import {until} from '../support/until.ts'

const shells = ['bash', 'zsh', 'fish', 'dash'] as const

test.for(shells)(
  '%s: output of a job while no command runs is shown and logged, and belongs to no command',
  async (shell) => {
    need(shell)
    await using home = createHome()
    // Again and again: what it prints while fish draws its prompt may be missing.
    const loop = 'until [ -e stop ]; do echo late; sleep 0.1; done'
    const started = await home.holdfast(['run', '--keep', '--shell', shell, '--json', '--', `sh -c '${loop}' &`])
    const {session_id: id} = JSON.parse(started.stdout.split('\n')[0]!) as {session_id: string}
    const show = async () => (await home.holdfast(['show', id])).stdout
    await until(async () => /^✓[^]*^late$/m.test(await show()), {what: 'a line of the job behind the command'})
    writeFileSync(`${home.project}/stop`, '')
    await until(() => !home.processes().some(({argv}) => argv.includes(loop)), {what: 'the end of the job'})

    const next = await home.holdfast(['run', '--session', id, '--', 'echo now'])
    expect(next.stdout.replace(/^\[1\].*\n/m, '')).toBe('now\n')
    // fish draws the group around the command of `run` in its own way; see docs/shells.md.
    if (shell === 'fish') return
    // The shell's own report of the job comes with a prompt, which may be drawn when the command has begun.
    const shown = (await show()).replaceAll(/^\[1\].*\n/gm, '')
    expect(shown).toMatch(/^✓[^\n]*\n\n*late\n[^]*^❯ echo now\nnow\n/m)
  },
)

test('the screen shows background output below the previous command', async () => {
  await using home = createHome()
  // The shell reports the end of the job in one line, before or after the next command.
  writeFileSync(`${home.project}/job`, 'until [ -e go ]; do sleep 0.01; done; echo late')
  await using tui = await openTui(home)
  await tui.submit('sh job &')
  await tui.waitFor(/^✓/m)
  writeFileSync(`${home.project}/go`, '')
  await tui.waitFor(/^late$/m)
  await tui.submit('echo now')
  await tui.waitFor(/^now\n(\[1\].*\n)?✓/m)
  expect(tui.scrollback()).toMatch(/^✓[^\n]*\nlate\n(?:\[1\].*\n)?\n❯ echo now\n/m)
})

test.for(['bash', 'zsh'] as const)(
  '%s: the screen says that a job has ended, without another command',
  async (shell) => {
    await using home = createHome()
    await using tui = await openTui(home, ['--shell', need(shell)])
    await tui.submit('sh -c "until [ -e go ]; do sleep 0.01; done" &')
    await tui.waitFor(/^✓/m)
    writeFileSync(`${home.project}/go`, '')
    await tui.waitFor(/^✓.*\n+\[1\].*[Dd]one .*sh -c/m)
    await tui.submit('echo "$?"')
    await tui.waitFor(/^0\n✓/m)
  },
)
