import {rmSync, writeFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {gatewayBehind} from '../support/gateway-behind.ts'
import {createHome, type Home} from '../support/home.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {until} from '../support/until.ts'
import {openTui} from '../support/tui.ts'

test('the draft is restored after every process was killed', async () => {
  await using home = createHome()
  const id = await (async () => {
    await using tui = await openTui(home)
    await tui.submit('echo first')
    await tui.waitFor(/^✓/m)
    tui.type('git commit -m "half')
    await tui.waitFor('❯ git commit -m "half')
    const [session] = await sessionsOf(home)
    const isKept = async () => (await home.holdfast(['show', session.id, '--json'])).stdout.includes('"draft.updated"')
    await until(isKept, {what: 'the draft in the log'})
    for (const {pid, role} of home.processes()) if (role !== 'program') process.kill(pid, 'SIGKILL')
    await tui.exited
    return session.id
  })()
  await using again = await openTui(home, ['--resume', id])
  await again.waitFor(/^❯ git commit -m "half$/m)
  again.type(' done"')
  await again.waitFor(/^❯ git commit -m "half done"$/m)
})

const hasDraft = (home: Home, id: string, text: string) => async () => {
  const {stdout} = await home.holdfast(['show', id, '--json'])
  return stdout.includes(`"draft.updated"`) && stdout.includes(JSON.stringify(text))
}

test('a saved draft is not joined with what is typed while its session opens', async () => {
  await using home = createHome()
  await using first = await openTui(home)
  await first.submit('echo first')
  await first.waitFor(/^✓/m)
  first.type('rm -rf build')
  const [{id}] = await sessionsOf(home)
  await until(hasDraft(home, id, 'rm -rf build'), {what: 'the draft in the log'})
  process.kill(first.pid, 'SIGKILL')
  await first.exited

  const hold = `${home.project}/hold`
  writeFileSync(hold, '')
  const env = gatewayBehind(home, `while [ -e '${hold}' ]; do sleep 0.05; done`)
  await using tui = await openTui(home, ['--resume', id], {env})
  tui.type('ls')
  await tui.waitFor(/^❯ ls$/m)
  rmSync(hold)
  await tui.waitFor(/idle$/m)
  await tui.waitFor('Your earlier text is in the history')
  expect(tui.screen()).toMatch(/^❯ ls$/m)
  tui.press('up')
  await tui.waitFor(/^❯ rm -rf build$/m)
  tui.press('down')
  await tui.waitFor(/^❯ ls$/m)
})

test('a draft that is typed while the gateway recovers is saved when it has', async () => {
  await using home = createHome()
  const [starts, go] = [`${home.project}/starts`, `${home.project}/go`]
  // The second start takes longer than a draft waits to be saved, and fails.
  const second = `[ $count = 2 ] && { sleep 1; exit 9; }`
  const third = `[ $count = 3 ] && until [ -e '${go}' ]; do sleep 0.05; done`
  const env = gatewayBehind(home, `echo x >> '${starts}'; count=$(wc -l < '${starts}'); ${second}; ${third}`)
  await using tui = await openTui(home, [], {env})
  await tui.submit('echo first')
  await tui.waitFor(/^✓/m)
  process.kill((await home.process('gateway')).pid, 'SIGKILL')
  await tui.waitFor('recovering 1/3')
  tui.type('make all')
  await tui.waitFor('recovering 2/3')
  writeFileSync(go, '')
  await tui.waitFor(/idle$/m)
  const [{id}] = await sessionsOf(home)
  await until(hasDraft(home, id, 'make all'), {what: 'the draft in the log'})
})
