import {existsSync, writeFileSync} from 'node:fs'

import {sessionPaths} from '@holdfast/event-log'
import {expect, test} from 'vitest'

import {createHome, type Home} from '../support/home.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {openTui} from '../support/tui.ts'
import {until} from '../support/until.ts'

/** A session whose host was killed in an earlier boot of the machine, as far as its record tells. */
async function startLostSession(home: Home, title: string) {
  await home.holdfast(['run', '--keep', '--', 'cd /usr; echo hello'])
  const [{id}] = await sessionsOf(home)
  await home.holdfast(['rename', id, title])
  process.kill((await home.process('host')).pid, 'SIGKILL')
  await until(() => home.processes().length === 0, {what: 'the end of the host'})
  writeFileSync(sessionPaths(home.state, id).boot, '00000000-0000-4000-8000-000000000000\n')
  return id
}

const stateOf = async (home: Home, id: string) => (await sessionsOf(home)).find((session) => session.id === id)

test('the first screen after a restart of the machine offers what was open; Enter opens it in place of the new session', async () => {
  await using home = createHome()
  const web = await startLostSession(home, 'web')
  const api = await startLostSession(home, 'api')
  expect(await stateOf(home, web)).toMatchObject({state: 'stopped', before_restart: true})
  expect((await home.holdfast(['ls'])).stdout).toMatch(new RegExp(`^${web}  stopped ↻ +now +web`, 'm'))

  await using tui = await openTui(home)
  await tui.waitFor('2 sessions were open before the restart')
  await tui.waitFor(/↻ restart +api/)
  tui.type('web')
  await tui.waitFor('restart: web▏')
  tui.press('enter')
  await tui.waitFor(/web · .*\/usr · idle/)
  await tui.waitFor(/^hello$/m)
  await until(async () => (await sessionsOf(home)).length === 2, {what: 'the end of the unused session'})
  expect(await stateOf(home, web)).toMatchObject({state: 'idle'})
  expect(await stateOf(home, web)).not.toHaveProperty('before_restart')
  expect(await stateOf(home, api)).toMatchObject({before_restart: true})
})

test('the offer comes once for each boot, Esc dismisses it, and who types already gets a notice', async () => {
  await using home = createHome()
  const id = await startLostSession(home, 'web')
  await using tui = await openTui(home, [], {typed: 'ls -'})
  await tui.waitFor('1 session was open before the restart: /sessions lists them')
  await tui.waitFor('❯ ls -')
  await using second = await openTui(home)
  await second.submit('echo there')
  await second.waitFor(/^there$/m)
  expect(second.screen()).not.toContain('before the restart')
  expect(await stateOf(home, id)).toMatchObject({before_restart: true})

  writeFileSync(`${home.state}/run/restart-offered`, 'another boot\n')
  await using third = await openTui(home)
  await third.waitFor('1 session was open before the restart: ▏')
  third.press('escape')
  await third.waitFor(() => !third.screen().includes('before the restart'))
  await third.submit('echo here')
  await third.waitFor(/^here$/m)
})

test('a session that the command line describes is not given up for another one: the next plain screen makes the offer', async () => {
  await using home = createHome()
  await startLostSession(home, 'web')
  await using tui = await openTui(home, ['--title', 'notes'])
  await tui.submit('echo here')
  await tui.waitFor(/^here$/m)
  expect(tui.screen()).not.toContain('before the restart')
  await using plain = await openTui(home)
  await plain.waitFor('1 session was open before the restart: ▏')
})

test('a session that was closed, and one that was killed in this boot, were not ended by a restart', async () => {
  await using home = createHome()
  const id = await startLostSession(home, 'web')
  await home.holdfast(['close', id])
  expect(await stateOf(home, id)).toMatchObject({state: 'closed'})
  expect(existsSync(sessionPaths(home.state, id).boot)).toBe(false)
  await home.holdfast(['run', '--keep', '--', 'true'])
  process.kill((await home.process('host')).pid, 'SIGKILL')
  const [killed] = await until(
    async () => {
      const sessions = await sessionsOf(home)
      return sessions[0].state === 'stopped' && sessions
    },
    {what: 'the end of the host'},
  )
  expect(killed).not.toHaveProperty('before_restart')
})
