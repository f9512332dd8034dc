import {mkdirSync, writeFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {createHome, type Home} from '../support/home.ts'
import {alt} from '../support/key-bytes.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {openTui, type Tui} from '../support/tui.ts'

async function startSession(home: Home, title: string, command: string) {
  await home.holdfast(['run', '--keep', '--', 'true'])
  const [{id}] = await sessionsOf(home)
  await home.holdfast(['rename', id, title])
  await home.holdfast(['run', '--session', id, '--no-wait', '--', command])
  return id
}

/** The rows from the line of tabs on. */
function tabsOf(tui: Tui, home: Home): string {
  const rows = tui.screen().split('\n')
  const at = rows.findIndex((row) => row.includes('│'))
  return rows
    .slice(at === -1 ? rows.findIndex((row) => row.includes('· idle')) : at)
    .map((row) => row.trimEnd())
    .join('\n')
    .replaceAll(home.project, '/project')
}

test.each([
  [120, 40, 'auto'],
  [80, 24, 'on'],
  [40, 18, 'on'],
  [80, 24, 'auto'],
])('the line of tabs at %i×%i with `tabs: %s`', async (cols, rows, setting) => {
  await using home = createHome()
  mkdirSync(`${home.user}/.config/holdfast`, {recursive: true})
  writeFileSync(`${home.user}/.config/holdfast/config.json`, JSON.stringify({tabs: setting}))
  await startSession(home, 'build the site', 'sleep 600')
  const deploy = await startSession(home, 'deploy', 'read -rsp "Password: " secret')
  await using tui = await openTui(home, ['--title', 'notes'], {cols, rows})
  await tui.waitFor('· idle')
  if (setting === 'on' || cols >= 100) await tui.waitFor(/PASSWORD .*▸3 note|▸3 note.*│ \+/)
  await expect(tabsOf(tui, home)).toMatchFileSnapshot(`../screens/tabs-${setting}-${cols}x${rows}.txt`)
  // The numbers are there without the line, too.
  tui.type(alt('2'))
  await tui.waitFor('Left, still open: notes')
  await tui.waitFor(/▸2 deploy|deploy · .*waiting for you/)
  await tui.waitFor('» Password:')
  expect((await sessionsOf(home)).find(({title}) => title === 'deploy')).toMatchObject({id: deploy, state: 'running'})
  tui.type(alt('9'))
  await tui.waitFor('There is no open session 9: 3 are open')
})

test('tabs follow what happens in other sessions; what has no tab draws nothing', async () => {
  await using home = createHome()
  const api = await startSession(home, 'api', 'read -r line; echo "got $line"')
  await using tui = await openTui(home, ['--title', 'notes'], {cols: 110, rows: 30})
  await tui.waitFor(/ 1 api +WAITING │ ▸2 notes/)
  await home.holdfast(['send', api, 'hello'])
  await tui.waitFor(/ 1 api • │ ▸2 notes/)
  await home.holdfast(['rename', api, 'server'])
  await tui.waitFor(/ 1 server • │/)

  const {length} = tui.bytes
  await home.holdfast(['run', '--', 'true'])
  expect(tui.bytes.length).toBe(length)

  tui.type(alt('1'))
  await tui.waitFor(/ ▸1 server │ 2 notes/)
  await home.holdfast(['run', '--keep', '--', 'cd /'])
  await tui.waitFor(/ ▸1 server │ 2 notes │ 3 cd \//)
  await home.holdfast(['close', (await sessionsOf(home))[0].id])
  await tui.waitFor(() => !tui.screen().includes('3 cd /'))

  tui.resize(99, 30)
  await tui.waitFor(() => !tui.screen().includes('│'))
  tui.resize(100, 30)
  await tui.waitFor(/ ▸1 server │ 2 notes/)
})

test('the line of tabs comes back with the gateway', async () => {
  await using home = createHome()
  const api = await startSession(home, 'api', 'true')
  await using tui = await openTui(home, ['--title', 'notes'], {cols: 110, rows: 30})
  await tui.waitFor(/ 1 api .*│ ▸2 notes/)
  process.kill((await home.process('gateway')).pid, 'SIGKILL')
  await tui.waitFor(/The gateway died/)
  await home.holdfast(['rename', api, 'server'])
  await tui.waitFor(/ 1 server .*│ ▸2 notes/)
})

test('a draft stays with its session', async () => {
  await using home = createHome()
  await startSession(home, 'api', 'true')
  await using tui = await openTui(home, ['--title', 'notes'], {cols: 110, rows: 30})
  await tui.waitFor(/ 1 api .*▸2 notes/)
  tui.type('rm -rf build')
  await tui.waitFor(/^❯ rm -rf build$/m)
  tui.type(alt('1'))
  await tui.waitFor(/▸1 api/)
  await tui.waitFor(() => /^❯$/m.test(tui.screen()))
  tui.type('ls')
  await tui.waitFor(/^❯ ls$/m)
  tui.type(alt('2'))
  await tui.waitFor(/▸2 notes/)
  await tui.waitFor(/^❯ rm -rf build$/m)
  tui.type(alt('1'))
  await tui.waitFor(/^❯ ls$/m)
})
