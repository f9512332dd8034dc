import {spawnSync} from 'node:child_process'
import {mkdirSync, readFileSync, symlinkSync} from 'node:fs'

import {test, expect} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import {cli, createHome} from '../support/home.ts'

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
