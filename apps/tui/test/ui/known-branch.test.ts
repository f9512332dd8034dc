import {expect, test} from 'vitest'

import {createKnownBranch} from '../../src/ui/known-branch.ts'

const folder = '/srv/shop'

/** A branch that was read before the command that has ended now, and one that is being read. */
async function readAgain(before: string | undefined) {
  const shown: (string | undefined)[] = []
  const known = createKnownBranch({onRead: (branch) => shown.push(branch), waitMs: 10})
  known.read(folder, Promise.resolve(before))
  await Promise.resolve()
  const reading = Promise.withResolvers<string | undefined>()
  known.read(folder, reading.promise)
  known.commandEnded()
  return {known, reading, shown}
}

test('the branch is known at once when it was read since the last command, in this folder', async () => {
  const {known, reading, shown} = await readAgain(undefined)
  reading.resolve('main')
  await reading.promise
  expect([known.at(folder), known.at('/srv'), shown]).toEqual(['main', undefined, [undefined, 'main']])
  known.commandEnded()
  expect(known.at(folder)).toBeUndefined()
})

test('a command that starts while the branch is read has the branch that was there before, too', async () => {
  const {known, reading} = await readAgain('main')
  const branch = known.at(folder)
  reading.resolve('main')
  expect(await branch).toBe('main')
})

test('a command that has ended by the time the branch is read has it, too', async () => {
  const {known, reading} = await readAgain('main')
  const branch = known.at(folder)
  known.read(folder, new Promise(() => {}))
  known.commandEnded()
  reading.resolve('main')
  expect(await branch).toBe('main')
})

test('nobody knows which of two commands has changed the branch', async () => {
  const {known, reading} = await readAgain('main')
  const branch = known.at(folder)
  reading.resolve('feature')
  expect(await branch).toBeUndefined()
  expect(known.at(folder)).toBe('feature')
})

test('a branch that cannot be read in time is not waited for', async () => {
  const {known} = await readAgain('main')
  expect(await known.at(folder)).toBeUndefined()
})

test('what is read of the session before counts no more', async () => {
  const {known, reading, shown} = await readAgain('main')
  known.forget()
  reading.resolve('main')
  await reading.promise
  expect([known.at(folder), shown]).toEqual([undefined, ['main']])
})
