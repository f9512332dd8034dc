import {rmSync, writeFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import {attach, detach} from '../support/attaching.ts'
import {gatewayBehind} from '../support/gateway-behind.ts'
import {createHome} from '../support/home.ts'
import {ctrl} from '../support/key-bytes.ts'
import {openTui} from '../support/tui.ts'
import {until} from '../support/until.ts'

/** When it writes, it has the terminal: the screen says `running` before the shell has given it. */
const sleeper = `sh -c 'echo begun; exec sleep 300'`

test.each(['bash', 'zsh', 'fish', 'dash'] as const)(
  '%s: Ctrl-Z stops the program, jobs lists it, fg continues it, and the end of a job is told',
  async (shell) => {
    need(shell)
    await using home = createHome()
    await using tui = await openTui(home, ['--shell', shell])
    await tui.waitFor('· idle')
    await tui.submit(sleeper)
    await tui.waitFor(/^begun$/m)
    tui.type(ctrl('z'))
    await tui.waitFor(/(Stopped|suspended|stopped)(.*\n)*.*· idle/)
    await tui.waitFor(/^■ stopped · fg continues it/m)
    await tui.submit('jobs')
    await tui.waitFor(/❯ jobs\n(.*\n)?.*sleep 300/)
    await tui.submit('fg')
    await tui.waitFor(/· (?:\S )?running/)
    // A Ctrl-C that comes before the shell has continued the program may reach neither.
    const interrupted = () => {
      if (/❯ fg\n(.*\n)*[■✓].*\n(.*\n)*.*· idle/.test(tui.screen())) return true
      tui.press('ctrl-c')
      return false
    }
    await expect.poll(interrupted, {interval: 500}).toBe(true)
    writeFileSync(`${home.project}/job`, 'echo $$ > pid; until [ -e go ]; do sleep 0.01; done')
    await tui.submit('sh job &')
    await tui.waitFor(/^❯ sh job &\n(.*\n)*✓.*\n(.*\n)*.*· idle/m)
    // It ends while a command runs: bash and dash tell it before their next prompt.
    writeFileSync(
      `${home.project}/end-job`,
      'until [ -s pid ]; do sleep 0.01; done; touch go; while kill -0 $(cat pid); do sleep 0.01; done',
    )
    await tui.submit('sh end-job')
    await tui.waitFor(/^.*(Done|done).*sh job|sh job.*has ended/m)
  },
)

test('Ctrl-Z is for the program also while the gateway is being restarted', async () => {
  await using home = createHome()
  const hold = `${home.project}/hold`
  await using tui = await openTui(home, [], {env: gatewayBehind(home, `while [ -e '${hold}' ]; do sleep 0.05; done`)})
  await tui.waitFor('· idle')
  await tui.submit(sleeper)
  await tui.waitFor(/^begun$/m)
  writeFileSync(hold, '')
  process.kill((await home.process('gateway')).pid, 'SIGKILL')
  await tui.waitFor('recovering')
  tui.type(ctrl('z'))
  await until(() => tui.unreadBytes() === 0, {what: 'the screen to read Ctrl-Z'})
  rmSync(hold)
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
