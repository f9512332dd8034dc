import {spawn, spawnSync, type SpawnSyncReturns} from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'

import {afterEach, beforeEach, expect, test} from 'vitest'

import {need} from '../../vitest/need.ts'

const ROOT = join(import.meta.dirname, '../../..')

// A checkout in small: the real bootstrap.sh, and in the place of npx and npm two scripts that leave what those would.
let root: string

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'holdfast-bootstrap-')))
  cpSync(join(ROOT, 'tooling/bootstrap.sh'), join(root, 'tooling/bootstrap.sh'))
  write('package.json', '{\n  "packageManager": "pnpm@12.0.1+sha512.abc",\n  "type": "module"\n}\n')
  write('pnpm-lock.yaml', 'lockfileVersion: 9\n')
  for (const path of ['packages/rpc/package.json', 'apps/tui/package.json', 'apps/web/package.json']) write(path, '{}')
  const sources = [
    'packages/rpc/src/index.ts',
    'apps/tui/tsup.config.ts',
    'apps/tui/src/main.ts',
    'apps/web/index.html',
    'apps/web/public/icon.svg',
    'apps/web/src/main.tsx',
    'apps/web/vite.config.ts',
    'tooling/tsup/preset.ts',
  ]
  for (const path of sources) write(path, '')
  write('cli.cjs', 'console.log(JSON.stringify({cwd: process.cwd(), args: process.argv.slice(2), env: process.env}))')
  program(
    'tools/npx',
    `echo "npx $*" >>calls\n. ./before-install\nmkdir -p node_modules/.bin\nln -sf '${process.execPath}' node_modules/.bin/node`,
  )
  program('tools/npm', 'echo "npm $*" >>calls\nmkdir -p apps/tui/dist\ncp cli.cjs apps/tui/dist/cli.cjs')
  write('before-install', '')
})

afterEach(() => rmSync(root, {recursive: true}))

const INSTALL = 'npx --yes -p pnpm@12.0.1 -c pnpm install --frozen-lockfile'
const BUILD = ['packages/picture', 'apps/web', 'apps/tui'].map((path) => `npm --prefix ${path} run build`)

test.each(['dash', 'bash'] as const)('%s installs and builds first, and after that only starts', (name) => {
  const shell = need(name)
  expect(start({shell}).status).toBe(0)
  expect(calls()).toEqual([INSTALL, ...BUILD])
  const {status, stderr} = start({shell})
  expect({status, stderr, calls: calls()}).toEqual({status: 0, stderr: '', calls: [INSTALL, ...BUILD]})
})

test('the app gets the arguments, the folder of the user, and the environment as it was before npm', () => {
  const npm = {INIT_CWD: tmpdir(), npm_config_prefix: '/usr', npm_package_json: '/x', NODE: '/usr/bin/node', COLOR: '1'}
  const path = `${root}/node_modules/.bin:/node_modules/.bin:/npm/run-script/lib/node-gyp-bin:${join(root, 'tools')}:/usr/bin:/bin`
  const {stdout} = start({args: ['--resume', 'a b'], env: {...npm, PATH: path, npm_config_registry: 'x', MINE: 'yes'}})
  const {cwd, args, env} = JSON.parse(stdout)
  expect({cwd, args}).toEqual({cwd: realpathSync(tmpdir()), args: ['--resume', 'a b']})
  expect(env).toMatchObject({
    MINE: 'yes',
    HOLDFAST_STARTED_AS: 'npm start',
    PATH: `${join(root, 'tools')}:/usr/bin:/bin`,
  })
  expect(Object.keys(env).filter((name) => /^npm_|^(INIT_CWD|NODE|COLOR)$/.test(name))).toEqual([])
})

test('without npm, the app starts where the shell is', () => {
  expect(JSON.parse(start({cwd: join(root, 'packages')}).stdout)).toMatchObject({cwd: join(root, 'packages')})
})

test.each([
  'packages/rpc/src/index.ts',
  'packages/rpc/src',
  'apps/tui/src/main.ts',
  'apps/tui/tsup.config.ts',
  'apps/web/index.html',
  'apps/web/public/icon.svg',
  'apps/web/src/main.tsx',
  'tooling/tsup/preset.ts',
  'packages/rpc/package.json',
])('a newer %s is built again, without an install', (path) => {
  start()
  touch(path)
  start()
  expect(calls()).toEqual([INSTALL, ...BUILD, ...BUILD])
})

test('another lockfile is installed and built again', () => {
  start()
  write('pnpm-lock.yaml', 'lockfileVersion: 10\n')
  start()
  expect(calls()).toEqual([INSTALL, ...BUILD, INSTALL, ...BUILD])
})

test('a failed install shows its output and reports the failure; the next start installs again', () => {
  write('before-install', 'echo "no network" >&2; exit 1')
  const {status, stdout, stderr} = start()
  expect({status, stdout}).toEqual({status: 1, stdout: ''})
  expect(stderr.split('\n')).toEqual([
    'holdfast: installing (the first time it takes a minute) …',
    'no network',
    'holdfast: installing failed; what it printed stands above.',
    '',
  ])
  write('before-install', '')
  expect(start().status).toBe(0)
  expect(calls()).toEqual([INSTALL, INSTALL, ...BUILD])
})

test('an install that was broken off over a good one is done again, even with the old lockfile', () => {
  start()
  write('pnpm-lock.yaml', 'lockfileVersion: 10\n')
  write('before-install', 'kill -KILL $PPID; exit 1')
  expect(start().signal).toBe('SIGKILL')
  write('pnpm-lock.yaml', 'lockfileVersion: 9\n')
  write('before-install', '')
  expect(start().status).toBe(0)
  expect(calls()).toEqual([INSTALL, ...BUILD, INSTALL, INSTALL, ...BUILD])
})

test('of two at once one installs and the other waits for it', async () => {
  // The first install goes on until the second process has said that it waits.
  program('tools/tell', 'mkfifo gate; cat gate >/dev/null')
  write('before-install', './tools/tell')
  const first = finish(launch())
  await until(() => existsSync(join(root, 'gate')))
  const second = launch()
  second.stderr.on('data', (text: string) => {
    if (text.includes('waiting for process')) writeFileSync(join(root, 'gate'), '')
  })
  expect([await first, await finish(second)]).toEqual([0, 0])
  expect(calls()).toEqual([INSTALL, ...BUILD])
})

test.each([
  ['installed', [INSTALL]],
  ['built', [INSTALL, ...BUILD]],
])('`%s` makes it so once, and again after a pull brought another lockfile', (mode, steps) => {
  for (const lockfile of ['lockfileVersion: 9\n', 'lockfileVersion: 10\n']) {
    write('pnpm-lock.yaml', lockfile)
    expect(start({mode, cwd: tmpdir()})).toMatchObject({status: 0, stdout: ''})
    expect(start({mode, cwd: tmpdir()})).toMatchObject({status: 0, stdout: '', stderr: ''})
  }
  expect(calls()).toEqual([...steps, ...steps])
})

test('`turbo` installs, and runs turbo with the pinned pnpm', () => {
  const args = ['run', 'bench', '--', 'rpc']
  start({mode: 'turbo', args})
  start({mode: 'turbo', args})
  const turbo = 'npx --yes --prefer-offline -p pnpm@12.0.1 turbo run bench -- rpc'
  expect(calls()).toEqual([INSTALL, turbo, turbo])
})

test('refuses an unknown mode', () => {
  const {status, stderr} = start({mode: 'test'})
  expect({status, stderr}).toEqual({
    status: 1,
    stderr: 'holdfast: expected `start`, `installed`, `built` or `turbo`, got `test`.\n',
  })
})

test('each script of the workspace installs first', () => {
  const {scripts} = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {scripts: Record<string, string>}
  for (const script of Object.values(scripts)) {
    expect(script).toMatch(/^sh tooling\/bootstrap\.sh (start$|turbo run |(installed|built) && )/)
  }
})

test('leaves nothing in the root but installed and built files', () => {
  start()
  write('pnpm-lock.yaml', 'lockfileVersion: 10\n')
  write('before-install', 'exit 1')
  start()
  for (const name of ['.holdfast-lock', '.holdfast-lock.log']) expect(existsSync(join(root, name)), name).toBe(false)
})

test.each(['fresh', 'installed'])('`npm install` is refused at once with the right command: %s clone', (state) => {
  cpSync(join(ROOT, 'package.json'), join(root, 'clone/package.json'))
  if (state === 'installed') {
    // As pnpm leaves it. Npm goes through what such a dependency was developed with, too.
    const kept = 'node_modules/.pnpm/knip@1/node_modules/knip'
    write(`clone/${kept}/package.json`, '{"name": "knip", "version": "1.0.0", "devDependencies": {"rare": "1"}}')
    symlinkSync('.pnpm/knip@1/node_modules/knip', join(root, 'clone/node_modules/knip'))
  }
  const before = readdirSync(join(root, 'clone'), {recursive: true})
  const {status, stderr} = spawnSync('npm', ['install', '--offline'], {cwd: join(root, 'clone'), encoding: 'utf8'})
  expect({status, after: readdirSync(join(root, 'clone'), {recursive: true})}).toEqual({status: 1, after: before})
  expect(stderr).toContain('catalog:npm-start-installs-with-pnpm')
})

interface StartOptions {
  shell?: string
  mode?: string
  args?: string[]
  cwd?: string
  env?: Record<string, string>
}

function start({
  shell = 'sh',
  mode = 'start',
  args = [],
  cwd = root,
  env = {},
}: StartOptions = {}): SpawnSyncReturns<string> {
  return spawnSync(shell, [join(root, 'tooling/bootstrap.sh'), mode, ...args], {
    cwd,
    env: {...environment(), ...env},
    encoding: 'utf8',
    timeout: 20_000,
  })
}

function launch() {
  const child = spawn('sh', [join(root, 'tooling/bootstrap.sh'), 'start'], {cwd: root, env: environment()})
  child.stderr.setEncoding('utf8')
  child.stdout.resume()
  return child
}

function finish(child: ReturnType<typeof launch>): Promise<number | null> {
  return new Promise((resolve) => child.on('close', resolve))
}

function environment(): Record<string, string> {
  return {PATH: `${join(root, 'tools')}:/usr/bin:/bin`}
}

function calls(): string[] {
  return readFileSync(join(root, 'calls'), 'utf8').trimEnd().split('\n')
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), {recursive: true})
  writeFileSync(join(root, path), text)
}

function program(path: string, text: string): void {
  write(path, `#!/bin/sh\n${text}\n`)
  chmodSync(join(root, path), 0o755)
}

/** Later than any build that has begun. */
function touch(path: string): void {
  const later = new Date(Date.now() + 10_000)
  utimesSync(join(root, path), later, later)
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve))
}
