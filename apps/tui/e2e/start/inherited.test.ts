import {readdirSync, readlinkSync} from 'node:fs'

import {expect, test} from 'vitest'

import {createHome, type Home, type HomeOptions} from '../support/home.ts'
import {openTui} from '../support/tui.ts'

/** Low, high and sparse; Node itself passes on only those from 16. */
const numbers = [3, 9, 15, 16, 19, 40, 200, 1000]

/** A caller with descriptors of its own, such as a script that holds locks with `exec 200>lock; flock 200`. */
const open = numbers.map((number) => `${number}>"$0/held"`).join(' ')
const launcher = ['/bin/bash', '-c', `exec ${open}; cd "$0"; exec "$@"`] as const satisfies HomeOptions['launcher']

/** In the order of the alphabet: that of the ids depends on the machine. */
function rolesOf(home: Home): string[] {
  return home
    .processes()
    .map(({role}) => role)
    .toSorted()
}

/** The processes of a home that have a file open. */
function rolesWith(home: Home, file: string): string[] {
  return home.processes().flatMap(({pid, role}) => (linksOf(pid).includes(file) ? [role] : []))
}

function linksOf(pid: number): string[] {
  const folder = `/proc/${pid}/fd`
  return readdirSync(folder).map((name) => linkOf(`${folder}/${name}`))
}

/** Empty if the descriptor was closed meanwhile. */
function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}

test('no descriptor of the caller reaches the host, the shell and its programs', async () => {
  await using home = createHome({launcher})
  const run = await home.holdfast(['run', '--keep', '--', 'ls -l /proc/self/fd'])
  expect(run).toMatchObject({exitCode: 0, stderr: ''})
  expect(run.stdout.match(/\d+ -> (?!\/proc)/g)).toEqual(['0 -> ', '1 -> ', '2 -> '])
  expect(rolesOf(home)).toEqual(['host', 'program'])
  expect(rolesWith(home, `${home.project}/held`)).toEqual([])
})

test('no descriptor of the caller reaches the gateway of a screen', async () => {
  await using home = createHome({launcher})
  await using tui = await openTui(home)
  await tui.submit('echo hello')
  await tui.waitFor(/^✓/m)
  // The screen runs in the foreground of the caller, as any program.
  expect(rolesWith(home, `${home.project}/held`)).toEqual(['client'])
})

test('the output of a caller ends with the command, even where descriptor 200 is stdout', async () => {
  await using home = createHome({launcher: ['/bin/bash', '-c', 'exec 200>&1; cd "$0"; exec "$@"']})
  // It resolves when both pipes have ended.
  expect(await home.holdfast(['run', '--keep', '--', 'echo hello'])).toMatchObject({stdout: 'hello\n', exitCode: 0})
  expect(rolesOf(home)).toEqual(['host', 'program'])
})

test('of the variables of Holdfast, the programs of a session get the id of the session and those that the user has set', async () => {
  await using home = createHome()
  const variablesWith = async (env: Record<string, string>) => {
    const {stdout} = await home.holdfast(['run', '--', 'env'], {env})
    await home.holdfast(['close', '--all'], {env})
    return stdout
      .split('\n')
      .filter((line) => line.startsWith('HOLDFAST_'))
      .map((line) => line.replace(/^(HOLDFAST_SESSION=)[a-z0-9]{10}$/, '$1ID'))
      .toSorted()
  }
  expect(
    await variablesWith({HOLDFAST_IDLE_HOURS: '2', HOLDFAST_STARTED_AS: 'npm start', HOLDFAST_INSTANCE: 'host:7'}),
  ).toEqual([`HOLDFAST_HOME=${home.state}`, 'HOLDFAST_IDLE_HOURS=2', 'HOLDFAST_SESSION=ID'])
  expect(await variablesWith({HOLDFAST_HOME: ''})).toEqual(['HOLDFAST_HOME=', 'HOLDFAST_SESSION=ID'])
})
