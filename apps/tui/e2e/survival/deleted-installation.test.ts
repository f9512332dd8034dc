import {cpSync, linkSync, mkdirSync, realpathSync, rmSync, writeFileSync} from 'node:fs'
import {dirname} from 'node:path'

import {expect, test} from 'vitest'

import {attached} from '../support/attaching.ts'
import {cli, createHome, type Home} from '../support/home.ts'
import {ctrl} from '../support/key-bytes.ts'
import {isAlive, waitForExit} from '../support/processes.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {openTui, type Tui, type TuiOptions} from '../support/tui.ts'

/** A copy of Node and of the installed app, with what it imports. */
interface Installation {
  open(options?: TuiOptions, args?: readonly string[]): Promise<Tui>
  remove(): void
}

function install(home: Home): Installation {
  const folder = `${home.user}/installation`
  const app = dirname(dirname(cli))
  mkdirSync(`${folder}/node_modules/@lydell`, {recursive: true})
  // The program of a running process can be removed, but not written.
  linkSync(realpathSync(process.execPath), `${folder}/node`)
  cpSync(`${app}/dist`, `${folder}/dist`, {recursive: true})
  cpSync(`${app}/package.json`, `${folder}/package.json`)
  const packages = dirname(realpathSync(`${app}/node_modules/@lydell/node-pty`))
  cpSync(packages, `${folder}/node_modules/@lydell`, {recursive: true, dereference: true})
  const launched: Home = {...home, launch: (_cwd, args) => [`${folder}/node`, `${folder}/dist/cli.cjs`, ...args]}
  return {
    open: (options, args = []) => openTui(launched, args, options),
    remove: () => rmSync(folder, {recursive: true}),
  }
}

/** Asks the terminal for the position of the cursor and for its kind, and prints the answers. */
const asking = String.raw`
stty raw -echo
printf '\033[6n'; position=$(dd bs=1 count=6 2> /dev/null | tr -d '\033')
printf '\033[c'; kind=$(dd bs=1 count=5 2> /dev/null | tr -d '\033')
stty sane
echo "position $position kind $kind"
`

test('a host and a TUI whose installation is deleted do all that they did before', async () => {
  await using home = createHome()
  const installed = install(home)
  writeFileSync(`${home.project}/ask.sh`, asking)
  await using tui = await installed.open({cols: 100, rows: 30})
  await tui.waitFor('· idle')
  const [gateway, host] = [await home.process('gateway'), await home.process('host')]
  installed.remove()

  await tui.submit('sh ask.sh')
  await tui.waitFor(/position \[\d+;\d+R kind \[\?[\d;]+[^]*· idle/)
  await tui.submit('exit')
  await tui.waitFor(/^❯ exit\n✓/m)
  await tui.waitFor('Ctrl-D leaves Holdfast')
  await tui.submit('echo in a new shell')
  await tui.waitFor(/^in a new shell$/m)
  // A progress bar, colours, and output that is collapsed.
  await tui.submit(String.raw`printf 'half\rdone\n\033[31mred\033[0m\n'; seq 1 200`)
  await tui.waitFor(/^200$/m)
  await tui.waitFor('· idle')
  await tui.submit('cat')
  await tui.waitFor(/^» *$/m)
  tui.resize(90, 25)
  tui.press('ctrl-t')
  await tui.waitFor(/^❯ *$/m)
  await tui.submitLast('echo queued')
  await tui.waitFor('· 1 queued')
  tui.press('ctrl-o')
  await attached(tui)
  tui.type('typed while attached\r')
  await tui.waitFor('typed while attached')
  tui.press('detach')
  await tui.waitFor('· waiting')
  tui.press('ctrl-c')
  await tui.waitFor('1 held')
  tui.type(ctrl('g'))
  await tui.waitFor(/^queued$/m)
  await tui.submit('/search in a new shell')
  await tui.waitFor('Esc back')
  tui.press('escape')
  await tui.waitFor(() => !tui.screen().includes('Esc back'))
  await tui.submit('stty size')
  await tui.waitFor(/^25 90$/m)
  expect([gateway, host].map(isAlive)).toEqual([true, true])
  await tui.submit('/close')
  await waitForExit(host)
  expect(await sessionsOf(home)).toMatchObject([{state: 'closed'}])
  tui.press('ctrl-d')
  expect(await tui.exited).toBe(0)
  await waitForExit(gateway)
  expect(tui.modes().changed).toEqual([])
})

test('a host that has no shell yet starts one after its installation was deleted', async () => {
  await using home = createHome()
  const folder = `${home.project}/folder`
  mkdirSync(folder)
  await home.holdfast(['run', '--keep', '--', 'true'], {cwd: folder})
  const old = await home.process('host')
  process.kill(old.pid, 'SIGTERM')
  await waitForExit(old)
  rmSync(folder, {recursive: true})

  const installed = install(home)
  await using tui = await installed.open({}, ['--continue'])
  await tui.waitFor('· idle')
  installed.remove()
  await tui.submit('echo in no folder')
  await tui.waitFor(/^✗ failed: the folder is gone/m)
  await tui.submit('echo at home')
  await tui.waitFor(/^at home$/m)
})

test('after the installation was deleted, no gateway and no host can be started: the screen says so, and stays', async () => {
  await using home = createHome()
  const installed = install(home)
  await using tui = await installed.open()
  await tui.submit('echo before')
  await tui.waitFor(/^✓/m)
  const [gateway, host] = [await home.process('gateway'), await home.process('host')]
  installed.remove()
  await tui.submit('/new')
  await tui.waitFor('installation/node')
  process.kill(host.pid, 'SIGKILL')
  await tui.waitFor('detached · /restart tries again', {timeoutMs: 30_000})
  process.kill(gateway.pid, 'SIGKILL')
  await tui.waitFor('No gateway: its process could not be started', {timeoutMs: 30_000})
  await tui.waitFor('gave up · /restart tries again')
  tui.press('ctrl-d')
  tui.press('ctrl-d')
  expect(await tui.exited).toBe(0)
})
