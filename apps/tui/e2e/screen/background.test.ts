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
    const job = `sh -c 'until [ -e go ]; do sleep 0.01; done; echo la''te' &`
    const started = await home.holdfast(['run', '--keep', '--shell', shell, '--json', '--', job])
    const {session_id: id} = JSON.parse(started.stdout.split('\n')[0]!) as {session_id: string}
    writeFileSync(`${home.project}/go`, '')
    const show = async () => (await home.holdfast(['show', id])).stdout
    await until(async () => /^late$/m.test(await show()), {what: 'the line of the job'})

    const next = await home.holdfast(['run', '--session', id, '--', 'echo now'])
    expect(next.stdout.replace(/^\[1\].*\n/m, '')).toBe('now\n')
    // fish draws the group around the command of `run` in its own way; see docs/shells.md.
    if (shell === 'fish') return
    expect(await show()).toMatch(/^✓ [^\n]*\n(?:\n|\[1\][^\n]*\n)*late\n[^]*^❯ echo now\nnow\n/m)
  },
)

test('the screen shows background output below the previous command', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.submit('(until [ -e go ]; do sleep 0.01; done; echo la""te) &')
  await tui.waitFor(/^✓/m)
  writeFileSync(`${home.project}/go`, '')
  await tui.waitFor(/^late$/m)
  await tui.submit('echo now')
  await tui.waitFor(/^now\n(\[1\].*\n)?✓/m)
  expect(tui.scrollback()).toMatch(/^✓ [^\n]*\nlate\n\n❯ echo now\n/m)
})
