import {lstatSync, readdirSync, rmSync} from 'node:fs'

import {expect, test} from 'vitest'

import {createHome} from '../support/home.ts'
import {openTui} from '../support/tui.ts'

test('HOLDFAST_HOME has all state: folders 0700, files 0600, and nothing is written elsewhere', async () => {
  await using home = createHome()
  const before = [...filesBelow(home.user), ...filesBelow(home.project)]
  await using tui = await openTui(home)
  await tui.submit('echo hello')
  await tui.waitFor(/^✓/m)
  await home.holdfast(['run', '--keep', '--', 'true'])

  // The code cache contains no user's state.
  rmSync(`${home.user}/.cache`, {recursive: true})
  expect([...filesBelow(home.user), ...filesBelow(home.project)]).toEqual(before)
  expect(readdirSync(home.temporary)).toEqual([])
  const inState = [home.state, ...filesBelow(home.state)]
  expect(inState.length).toBeGreaterThan(8)
  expect(
    inState
      .filter((file) => !lstatSync(file).isSymbolicLink() && modeOf(file) !== expectedModeOf(file))
      .map((file) => `${file} ${modeOf(file)}`),
  ).toEqual([])
})

test.for<[string, (folder: string) => Record<string, string>, string]>([
  ['XDG_STATE_HOME', (folder) => ({XDG_STATE_HOME: `${folder}/xdg`, HOLDFAST_HOME: ''}), 'xdg/holdfast'],
  ['HOME', () => ({HOLDFAST_HOME: ''}), '.local/state/holdfast'],
])('without HOLDFAST_HOME the state is below %s', async ([, envFor, folder]) => {
  await using home = createHome()
  const env = envFor(home.user)
  expect(await home.holdfast(['run', '--', 'echo hello'], {env})).toMatchObject({stdout: 'hello\n', exitCode: 0})
  expect(readdirSync(`${home.user}/${folder}/sessions`)).not.toEqual([])
  expect(await home.holdfast(['close', '--all'], {env})).toMatchObject({exitCode: 0})
})

test('a relative HOLDFAST_HOME is relative to the folder in which holdfast was started, for all processes', async () => {
  await using home = createHome()
  const env = {HOLDFAST_HOME: 'here'}
  expect(await home.holdfast(['run', '--', 'echo hello'], {env})).toMatchObject({stdout: 'hello\n', exitCode: 0})
  expect(readdirSync(`${home.project}/here`).sort()).toEqual(['logs', 'run', 'sessions'])
  expect(await home.holdfast(['close', '--all'], {env})).toMatchObject({exitCode: 0})
})

function filesBelow(folder: string): string[] {
  return readdirSync(folder, {recursive: true}).map((name) => `${folder}/${String(name)}`)
}

function modeOf(file: string): string {
  return (lstatSync(file).mode & 0o777).toString(8)
}

function expectedModeOf(file: string): string {
  return lstatSync(file).isDirectory() ? '700' : '600'
}
