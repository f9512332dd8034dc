import {spawnSync} from 'node:child_process'
import {mkdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs'

import {test, expect} from 'vitest'

import {cli, createHome} from '../support/home.ts'

const packageFile = new URL('../../package.json', import.meta.url)
const {version} = JSON.parse(readFileSync(packageFile, 'utf8')) as {version: string}
const oldNode = findOldNode()
if (oldNode === undefined) console.warn('SKIPPED: there is no Node older than 24 on this machine to start cli.js with')

test.skipIf(oldNode === undefined)(
  'cli.js started by a Node that is too old runs on the Node that the project ships',
  async () => {
    await using home = createHome()
    const run = (...args: string[]) =>
      spawnSync(oldNode!, [cli, ...args], {
        cwd: home.project,
        env: {...home.env, PATH: '/usr/bin:/bin'},
        encoding: 'utf8',
      })
    expect(run('--version')).toMatchObject({stdout: `${version}\n`, stderr: '', status: 0})
    expect(run('run', '--', 'echo hello; (exit 3)')).toMatchObject({stdout: 'hello\n', stderr: '', status: 3})
  },
)

test.skipIf(oldNode === undefined)('cli.js that finds no shipped Node says in one line what is needed', async () => {
  await using home = createHome()
  mkdirSync(`${home.project}/alone`)
  writeFileSync(`${home.project}/alone/package.json`, '{"type": "commonjs"}')
  symlinkSync(cli, `${home.project}/alone/cli.js`)
  // Node looks for packages beside the file as it was named, so beside nothing.
  const args = ['--preserve-symlinks-main', '--preserve-symlinks', `${home.project}/alone/cli.js`, '--version']
  const {stdout, stderr, status} = spawnSync(oldNode!, args, {env: home.env, encoding: 'utf8'})
  expect({stdout, status}).toEqual({stdout: '', status: 1})
  expect(stderr).toMatch(/^holdfast needs Node 24 or newer, this is Node [\d.]+: [^\n]+\n$/)
})

function findOldNode(): string | undefined {
  const folders = new Set([...(process.env['PATH'] ?? '').split(':'), '/usr/local/bin', '/usr/bin'])
  return [...folders]
    .map((folder) => `${folder}/node`)
    .find((node) => {
      const {stdout, status} = spawnSync(node, ['--version'], {encoding: 'utf8'})
      return status === 0 && Number.parseInt(stdout.slice(1), 10) < 24
    })
}
