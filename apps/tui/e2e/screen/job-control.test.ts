import {expect, test} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import {attach, detach} from '../support/attaching.ts'
import {createHome} from '../support/home.ts'
import {ctrl} from '../support/key-bytes.ts'
import {openTui} from '../support/tui.ts'

test.each(['bash', 'zsh', 'fish', 'dash'] as const)(
  '%s: Ctrl-Z stops the program, jobs lists it, fg continues it, and the end of a job is told',
  async (shell) => {
    need(shell)
    await using home = createHome()
    await using tui = await openTui(home, ['--shell', shell])
    await tui.waitFor('· idle')
    await tui.submit('sleep 300')
    await tui.waitFor('· running')
    tui.type(ctrl('z'))
    await tui.waitFor(/(Stopped|suspended|stopped)(.*\n)*.*· idle/)
    // fish reports 0.
    await tui.waitFor(shell === 'fish' ? /^✓/m : /^■ stopped · fg continues it · /m)
    await tui.submit('jobs')
    await tui.waitFor(/❯ jobs\n(.*\n)?.*sleep 300/)
    await tui.submit('fg')
    await tui.waitFor('· running')
    // A Ctrl-C that comes before the shell has continued the program may reach neither.
    const interrupted = () => {
      if (/❯ fg\n(.*\n)*[■✓].*\n(.*\n)*.*· idle/.test(tui.screen())) return true
      tui.press('ctrl-c')
      return false
    }
    await expect.poll(interrupted, {interval: 500, timeout: 10_000}).toBe(true)
    await tui.submit('sleep 0.1 &')
    // bash and dash tell it before their next prompt.
    await tui.submit('sleep 0.4')
    await tui.waitFor(/^.*(Done|done).*sleep 0\.1|sleep 0\.1.*has ended/m)
  },
)

test('Ctrl-Z is for the program also while the gateway is being restarted', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.waitFor('· idle')
  await tui.submit('sleep 300')
  await tui.waitFor('· running')
  process.kill((await home.process('gateway')).pid, 'SIGKILL')
  await tui.waitFor('recovering')
  tui.type(ctrl('z'))
  await tui.waitFor(/Stopped(.*\n)*.*· idle/)
})

const onQuit = `trap "echo got it" QUIT; echo begun; while :; do sleep 60 & wait; done`

test.each(['bash', 'zsh', 'fish', 'dash'] as const)('%s: Ctrl-\\ sends SIGQUIT to the program', async (shell) => {
  need(shell)
  await using home = createHome()
  await using tui = await openTui(home, ['--shell', shell])
  await tui.waitFor('· idle')
  tui.type(ctrl('\\'))
  await tui.submit(`sh -c '${onQuit}'`)
  await tui.waitFor(/^begun/m)
  tui.type(`next${ctrl('\\')}`)
  await tui.waitFor(/^(?:\^\\)?got it/m)
  expect(tui.screen().match(/got it$/gm)).toHaveLength(1)
  expect(tui.screen()).toMatch(/^❯ next/m)
})

test('Ctrl-\\ pressed once too often to take the terminal back does not end the program', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.waitFor('· idle')
  await tui.submit('sleep 300')
  await attach(tui)
  await detach(tui)
  tui.type(ctrl('\\') + ctrl('z'))
  await tui.waitFor(/Stopped(.*\n)*.*· idle/)
})
