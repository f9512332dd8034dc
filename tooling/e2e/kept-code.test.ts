import {chmodSync, readdirSync, statSync, writeFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {createHome, type Home} from './home.ts'

/** The code that V8 made of the command, as `run` left it, and when. */
function keptCode(home: Home): {file: string; mode: string; ino: number} {
  const name = readdirSync(home.temporary, {recursive: true, encoding: 'utf8'}).find((path) => path.endsWith('-run'))
  const file = `${home.temporary}/${name}`
  const {mode, ino} = statSync(file)
  return {file, mode: (mode & 0o777).toString(8), ino}
}

async function runOnce(home: Home): Promise<ReturnType<typeof keptCode>> {
  expect(await home.holdfast(['run', '--', 'echo hello'])).toMatchObject({stdout: 'hello\n', stderr: '', exitCode: 0})
  return keptCode(home)
}

test('the first process keeps its code, the second adds its own, the third takes it as it is', async () => {
  await using home = createHome()
  const first = await runOnce(home)
  expect(first.mode).toBe('600')
  const second = await runOnce(home)
  expect(second).toEqual({file: first.file, mode: '400', ino: expect.any(Number)})
  expect(second.ino).not.toBe(first.ino)
  expect(await runOnce(home)).toEqual(second)
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
