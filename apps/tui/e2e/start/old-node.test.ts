import {spawnSync} from 'node:child_process'
import {mkdirSync, readFileSync, symlinkSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

import {createClient} from '@holdfast/client'
import {localGateway} from '@holdfast/client/local'
import {test, expect} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import {cli, createHome, type Home, type HomeOptions} from '../support/home.ts'
import {isAlive, waitForExit, type Process} from '../support/processes.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {openTui} from '../support/tui.ts'
import {until} from '../support/until.ts'

const packageFile = new URL('../../package.json', import.meta.url)
const {version} = JSON.parse(readFileSync(packageFile, 'utf8')) as {version: string}

test('cli.cjs started by an old Node runs on the shipped Node', async () => {
  const oldNode = need('old Node')
  await using home = createHome()
  const run = (...args: string[]) =>
    spawnSync(oldNode, [cli, ...args], {
      cwd: home.project,
      env: {...home.env, PATH: '/usr/bin:/bin'},
      encoding: 'utf8',
    })
  expect(run('--version')).toMatchObject({stdout: `${version}\n`, stderr: '', status: 0})
  expect(run('run', '--', 'echo hello; (exit 3)')).toMatchObject({stdout: 'hello\n', stderr: '', status: 3})
})

test('a signal to cli.cjs that comes while an old Node starts the shipped one ends both', async () => {
  const oldNode = need('old Node')
  await using home = createHome()
  const preload = fileURLToPath(new URL('../fixtures/signal-after-spawn.cjs', import.meta.url))
  const {stdout, stderr, status, signal} = spawnSync(oldNode, ['--require', preload, cli, '--version'], {
    env: {...home.env, PATH: '/usr/bin:/bin'},
    encoding: 'utf8',
  })
  expect({stdout, stderr, status, signal}).toEqual({stdout: '', stderr: '', status: null, signal: 'SIGTERM'})
})

test('cli.cjs without a shipped Node names the needed version in one line', async () => {
  const oldNode = need('old Node')
  await using home = createHome()
  mkdirSync(`${home.project}/alone`)
  symlinkSync(cli, `${home.project}/alone/cli.cjs`)
  // Node looks for packages beside the link, where there are none.
  const args = ['--preserve-symlinks-main', '--preserve-symlinks', `${home.project}/alone/cli.cjs`, '--version']
  const {stdout, stderr, status} = spawnSync(oldNode, args, {env: home.env, encoding: 'utf8'})
  expect({stdout, status}).toEqual({stdout: '', status: 1})
  expect(stderr).toMatch(/^holdfast needs Node 24 or newer, this is Node [\d.]+: [^\n]+\n$/)
})

/** The command as a user of an old Node starts it. */
const byOldNode = (): HomeOptions => ({
  launcher: ['/bin/sh', '-c', 'old=$0; cd "$1" && shift 2 && exec "$old" "$@"', need('old Node')],
})

/** Kills the process of the old Node; returns the one that it started. */
function killLauncher(home: Home): Process {
  const all = home.processes()
  const launcher = all.find(({argv}) => argv[0] === need('old Node'))
  const child = all.find(({parentPid}) => parentPid === launcher?.pid)
  if (launcher === undefined || child === undefined) throw new Error('Expected an old Node and its child, got none')
  process.kill(launcher.pid, 'SIGKILL')
  return child
}

test('serve ends when the process of the old Node is killed', async () => {
  await using home = createHome(byOldNode())
  const serve = home.startHoldfast(['serve', '--listen', '127.0.0.1:0'])
  await until(() => serve.stdout.includes('ws://'), {what: 'the address'})
  await waitForExit(killLauncher(home))
})

test('run ends when the process of the old Node is killed, and its command runs on', async () => {
  await using home = createHome(byOldNode())
  const run = home.startHoldfast(['run', '--', 'echo begun; sleep 60'])
  await until(() => run.stdout.includes('begun'), {what: 'the command to begin'})
  await waitForExit(killLauncher(home))
  expect(await sessionsOf(home)).toMatchObject([{state: 'running'}])
})

test('the screen ends as after SIGHUP when the process of the old Node is killed', async () => {
  await using home = createHome(byOldNode())
  await using tui = await openTui(home)
  await tui.submit('echo ready')
  await tui.waitFor(/^✓/m)
  const [gateway, host] = [await home.process('gateway'), await home.process('host')]
  const screen = killLauncher(home)
  await waitForExit(screen)
  await waitForExit(gateway)
  expect(await tui.exited).toBe(128 + 9)
  expect(tui.modes()).toEqual(tui.modesBefore)
  expect(isAlive(host)).toBe(true)
})

test('programs in the session of an old Node get no descriptor and no variable of its launcher', async () => {
  await using home = createHome(byOldNode())
  const {stdout} = await home.holdfast(['run', '--', 'ls -l /proc/self/fd; env'])
  expect(stdout.match(/\d+ -> (?!\/proc)/g)).toEqual(['0 -> ', '1 -> ', '2 -> '])
  expect(stdout).not.toContain('HOLDFAST_LAUNCHER')
})

test('programs get no variable of the launcher either where an old Node starts the gateway', async () => {
  await using home = createHome()
  const command = [need('old Node'), cli, 'gateway'] as const
  const client = createClient({gateway: localGateway({command, env: home.env})})
  const session = await client.openSession(await client.createSession({cwd: home.project}))
  await session.submit('env')
  let printed = ''
  for await (const event of session.events()) {
    if (event.type === 'message.delta') printed += event.payload.text ?? ''
    if (event.type === 'message.complete') break
  }
  expect(printed).toContain('HOLDFAST_SESSION=')
  expect(printed).not.toContain('HOLDFAST_LAUNCHER')
  await client.close()
  expect(await sessionsOf(home)).toMatchObject([{state: 'idle'}])
})
