import {mkdirSync} from 'node:fs'

import {expect, test} from 'vitest'

import {createHome, type Home} from '../support/home.ts'
import {alt} from '../support/key-bytes.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {openTui, type Tui} from '../support/tui.ts'

/** A session with a title, in a folder of its own, that has run `command`. Without `wait`, the command goes on. */
async function startSession(home: Home, title: string, command: string, {waits = false, tags = [] as string[]} = {}) {
  mkdirSync(`${home.project}/${title}`)
  await home.holdfast(['run', '--keep', '--', `cd '${home.project}/${title}'`])
  const [{id}] = await sessionsOf(home)
  await home.holdfast(['rename', id, title])
  if (tags.length > 0) await home.holdfast(['tag', id, ...tags])
  await home.holdfast(['run', '--session', id, ...(waits ? ['--no-wait'] : []), '--', command])
  return id
}

/** The rows from the title of the board on. */
function boardOf(tui: Tui, home: Home): string {
  const rows = tui.screen().split('\n')
  return rows
    .slice(rows.findIndex((row) => row.startsWith('sessions')))
    .map((row) => row.replace(/…\S+(?=\/project)/, (cut) => '…'.padEnd(cut.length, '·')).trimEnd())
    .join('\n')
    .replaceAll(home.project, '/project')
}

const lineOf = (tui: Tui, title: string) =>
  tui
    .screen()
    .split('\n')
    .find((row) => row.includes(` ${title} `)) ?? ''

test.each([
  [40, 12],
  [80, 24],
  [120, 40],
])('the board of sessions at %i×%i', async (cols, rows) => {
  await using home = createHome()
  const old = await startSession(home, 'old', 'echo done')
  await home.holdfast(['close', old])
  await startSession(home, 'api', 'echo listening on 8080', {tags: ['eu', 'prod']})
  await startSession(home, 'build', 'echo 98 of 120 files; sleep 600', {waits: true})
  await startSession(home, 'deploy', 'read -rsp "Password: " secret', {waits: true, tags: ['prod']})
  await using tui = await openTui(home, ['--title', 'notes'], {cols, rows})
  await tui.waitFor('· idle')
  await tui.submit('/sessions')
  await tui.waitFor(/ PASSWORD +deploy/)
  if (cols >= 80) await tui.waitFor(/98 of 120/)
  if (cols >= 80) await tui.waitFor(/listening on/)
  if (cols >= 80) await tui.waitFor(/Password/)
  if (cols >= 80) await tui.waitFor(/done/)
  await expect(boardOf(tui, home)).toMatchFileSnapshot(`../screens/session-board-${cols}x${rows}.txt`)
})

test('the board follows sessions while it is open: a title, tags, a state, a new session, and one that is deleted', async () => {
  await using home = createHome()
  const web = await startSession(home, 'web', 'sleep 600', {waits: true})
  await using tui = await openTui(home, ['--title', 'notes'])
  await tui.waitFor('· idle')
  await tui.submit('/sessions')
  await tui.waitFor(/● running +web/)
  await home.holdfast(['tag', web, 'prod'])
  await tui.waitFor(/● running +web #prod/)
  await home.holdfast(['send', web, '--no-enter', '--', ''])
  await home.holdfast(['rename', web, 'shop'])
  await tui.waitFor(/● running +shop #prod/)
  await startSession(home, 'new one', 'echo hello')
  await tui.waitFor(/○ idle +new one .* hello/)
  await home.holdfast(['close', web])
  await tui.waitFor(/· closed +shop/)
  await home.holdfast(['delete', web])
  await tui.waitFor(() => !tui.screen().includes('shop'))

  tui.press('escape')
  await tui.waitFor(() => !tui.screen().includes('sessions:'))
  const {length} = tui.bytes
  await startSession(home, 'unseen', 'true')
  expect(tui.bytes.length).toBe(length)
})

test('keys of the board rename, tag and close a session, and open one in its folder', async () => {
  await using home = createHome()
  const web = await startSession(home, 'web', 'sleep 600', {waits: true})
  await using tui = await openTui(home, ['--title', 'notes'])
  await tui.waitFor('· idle')
  await tui.submit('/sessions')
  await tui.waitFor(/● running +web/)
  tui.type('web')
  await tui.waitFor('sessions: web▏')
  tui.type(`${alt('r')}shop`)
  await tui.waitFor('new title of `web`: shop▏')
  tui.type('\r')
  await tui.waitFor(/● running +shop/)
  tui.type(`${alt('t')}prod eu\r`)
  await tui.waitFor(/● running +shop #prod #eu/)
  tui.type(`${alt('t')}-eu\r`)
  await tui.waitFor(() => /shop #prod {2}/.test(lineOf(tui, 'shop')))
  tui.type('\u001b[3~')
  await tui.waitFor('Close `shop`? What runs in it will be stopped.')
  tui.press('escape')
  await tui.waitFor('sessions: web▏')
  tui.type('\u001b[3~')
  await tui.waitFor('Enter closes the session')
  tui.press('enter')
  await tui.waitFor(/· closed +shop/)
  tui.type(alt('n'))
  await tui.waitFor('Left, still open: notes')
  await tui.waitFor(/web · .*idle/)
  expect(await sessionsOf(home)).toMatchObject([
    {cwd: `${home.project}/web`, state: 'idle'},
    {id: web, title: 'shop', tags: ['prod'], state: 'closed'},
    {title: 'notes'},
  ])
})
