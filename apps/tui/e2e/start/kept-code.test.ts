import {chmodSync, readdirSync, statSync, utimesSync, writeFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {createHome, type Home} from '../support/home.ts'

/** The code that V8 made of the command, as the last `run` left it. */
function keptCode(home: Home) {
  const name = readdirSync(home.temporary, {recursive: true, encoding: 'utf8'}).find((path) => path.endsWith('-run'))
  const file = `${home.temporary}/${name}`
  const {mode, ino, size} = statSync(file)
  return {file, mode: (mode & 0o777).toString(8), ino, size}
}

async function runOnce(home: Home) {
  expect(await home.holdfast(['run', '--', 'echo hello'])).toMatchObject({stdout: 'hello\n', stderr: '', exitCode: 0})
  return keptCode(home)
}

test('the first process keeps its code, the second adds its own, and the third takes it as it is', async () => {
  await using home = createHome()
  // It does not follow the session, which takes a tenth of the code.
  await home.holdfast(['run', '--no-wait', '--', 'true'])
  const first = keptCode(home)
  expect(first.mode).toBe('600')
  const second = await runOnce(home)
  expect(second.mode).toBe('400')
  expect(second.size).toBeGreaterThan(first.size * 1.05)
  expect(await runOnce(home)).toEqual(second)
})

test('what two processes made poor is added to a day later', async () => {
  await using home = createHome()
  for (let count = 0; count < 2; count++) await home.holdfast(['run', '--help'])
  const poor = keptCode(home)
  expect(poor.mode).toBe('400')
  utimesSync(poor.file, new Date(), new Date(Date.now() - 25 * 60 * 60 * 1000))
  const good = await runOnce(home)
  expect(good.mode).toBe('400')
  expect(good.size).toBeGreaterThan(poor.size * 1.5)
  expect(await runOnce(home)).toEqual(good)
})

test('code that others could have written, or that is none, is not taken but made anew', async () => {
  await using home = createHome()
  const {file, ino} = await runOnce(home)
  chmodSync(file, 0o622)
  const mended = await runOnce(home)
  expect(mended).toMatchObject({mode: '600'})
  expect(mended.ino).not.toBe(ino)

  writeFileSync(file, 'this is no code')
  chmodSync(file, 0o400)
  expect(await runOnce(home)).toMatchObject({mode: '600'})
})

test('without a cache of compiled code none is left', async () => {
  await using home = createHome()
  const env = {NODE_DISABLE_COMPILE_CACHE: '1'}
  expect(await home.holdfast(['run', '--', 'echo hello'], {env})).toMatchObject({stdout: 'hello\n', exitCode: 0})
  expect(readdirSync(home.temporary).filter((name) => name === 'node-compile-cache')).toEqual([])
})
