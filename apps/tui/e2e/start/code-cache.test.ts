import {chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'

import {expect, test} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import {createHome, type Home} from '../support/home.ts'
import {openSmallDisk} from '../support/small-disk.ts'
import {poison, poisonedVersion, version} from '../support/poisoned-cache.ts'
import {openTui} from '../support/tui.ts'
import {until} from '../support/until.ts'

test('the first process writes the code cache, the second adds to it, and the third uses it as it is', async () => {
  await using home = createHome()
  // It opens no session: the next one, however early it saves, has called more functions.
  await home.holdfast(['run', '--help'])
  const first = cacheOf(home)
  expect(first).toMatchObject({mode: '600', folderMode: '700'})
  const second = await runOnce(home)
  expect(second.size).toBeGreaterThan(first.size * 1.1)
  expect(await runOnce(home)).toEqual(second)
})

test('a process adds to a code cache that is a day old', async () => {
  await using home = createHome()
  for (let count = 0; count < 2; count++) await home.holdfast(['run', '--help'])
  const poor = cacheOf(home)
  utimesSync(poor.file, new Date(), new Date(Date.now() - 25 * 60 * 60 * 1000))
  const good = await runOnce(home)
  expect(good.size).toBeGreaterThan(poor.size * 1.1)
  expect(await runOnce(home)).toEqual(good)
})

test.for([
  ['garbage', () => Buffer.from('this is no code')],
  ['code of another build', (bytes: Buffer) => Buffer.concat([bytes, Buffer.from('1')])],
  ['truncated code', (bytes: Buffer) => bytes.subarray(bytes.length / 2)],
] as const)('%s is not run but replaced', async ([, spoil]) => {
  await using home = createHome()
  const {file} = await runOnce(home)
  const spoiled = spoil(readFileSync(file))
  writeFileSync(file, spoiled)
  expect((await runOnce(home)).size).not.toBe(spoiled.length)
})

test.for<[string, (file: string) => void]>([
  ['others can write', (file) => chmodSync(file, 0o622)],
  ['belongs to another user', (file) => chownSync(file, 65_534, 65_534)],
])('a code cache that %s is not run but replaced', async ([what, open]) => {
  if (what.includes('user')) need('second user')
  await using home = createHome()
  await runOnce(home)
  const {file, ino} = await runOnce(home)
  open(file)
  const replaced = await runOnce(home)
  expect(replaced.mode).toBe('600')
  expect(replaced.ino).not.toBe(ino)
})

test('a save removes temporary files of saves that were killed a day ago or earlier', async () => {
  await using home = createHome()
  await home.holdfast(['--version'])
  for (const name of ['run.71', 'run.72']) writeFileSync(join(folderOf(home), name), '')
  utimesSync(join(folderOf(home), 'run.71'), 0, 0)
  await home.holdfast(['--version'])
  expect(readdirSync(folderOf(home))).toEqual(['other', 'run.72'])
})

test.for<[string, (home: Home) => void]>([
  ['the folder', (home) => chmodSync(folderOf(home), 0o750)],
  ['a folder above it', (home) => chmodSync(`${home.user}/.cache`, 0o777)],
  ['a folder above the one that a link leads to', (home) => chmodSync(home.user, 0o775)],
  ['the folder, as its owner,', (home) => chownSync(folderOf(home), 65_534, 65_534)],
])('where others can write %s, no code cache is used', async ([what, open]) => {
  if (what.includes('owner')) need('second user')
  await using home = createHome()
  const printVersion = async () => (await home.holdfast(['--version'])).stdout.trimEnd()
  await printVersion()
  await printVersion()
  const file = join(folderOf(home), 'other')
  poison(file)
  expect(await printVersion()).toBe(poisonedVersion)
  utimesSync(file, 0, 0)

  open(home)
  expect(await printVersion()).toBe(version)
  // Nor is it written, old as it is.
  expect(statSync(file).mtimeMs).toBe(0)
})

test('the code cache of the screen is its own: commands that came before it have none of its functions', async () => {
  await using home = createHome()
  for (const option of ['--version', '--help']) await home.holdfast([option])
  await using tui = await openTui(home, ['--title', 'mine'])
  await until(() => readdirSync(folderOf(home)).includes('screen'), {what: 'a code cache of the screen'})
  await tui.waitFor('· idle')
})

test('without a code cache none is left, and where none can be written, the command runs', async () => {
  await using home = createHome()
  const env = {NODE_DISABLE_COMPILE_CACHE: '1'}
  expect(await home.holdfast(['run', '--', 'echo hello'], {env})).toMatchObject({stdout: 'hello\n', exitCode: 0})
  expect(readdirSync(home.user)).not.toContain('.cache')
  writeFileSync(`${home.user}/.cache`, '')
  expect(await home.holdfast(['run', '--', 'echo hello'])).toMatchObject({stdout: 'hello\n', stderr: '', exitCode: 0})
})

test('on a full disk, commands run, and no part of a code cache is left', async () => {
  await using disk = await openSmallDisk(16)
  await using home = createHome({launcher: disk.launcher})
  disk.fill(256 * 1024)
  const full = await home.holdfast(['ls'], {env: {XDG_CACHE_HOME: disk.folder}})
  expect(full).toMatchObject({stderr: '', exitCode: 0})
  expect(readdirSync(`${disk.view}/holdfast`)).toEqual([])
})

test('the code cache is below XDG_CACHE_HOME where that is set', async () => {
  await using home = createHome()
  mkdirSync(`${home.user}/xdg`, {mode: 0o700})
  await home.holdfast(['--version'], {env: {XDG_CACHE_HOME: `${home.user}/xdg`}})
  expect(readdirSync(`${home.user}/xdg/holdfast`)).toEqual(['other'])
})

function folderOf(home: Home): string {
  return `${home.user}/.cache/holdfast`
}

/** The code cache of `run`. */
function cacheOf(home: Home) {
  const file = join(folderOf(home), 'run')
  const {mode, ino, size} = statSync(file)
  return {file, mode: toOctal(mode), folderMode: toOctal(statSync(folderOf(home)).mode), ino, size}
}

function toOctal(mode: number): string {
  return (mode & 0o777).toString(8)
}

async function runOnce(home: Home) {
  expect(await home.holdfast(['run', '--', 'echo hello'])).toMatchObject({stdout: 'hello\n', stderr: '', exitCode: 0})
  return cacheOf(home)
}
