import {mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'

import {afterEach, beforeEach, expect, test} from 'vitest'

import {listFolder} from '../../../src/app/composer/list-folder.ts'

/** However busy the machine is. */
const patient = {maxMs: 60_000}

let base: string
beforeEach(() => void (base = mkdtempSync('/tmp/hf-list-')))
afterEach(() => rmSync(base, {recursive: true}))

test('names are sorted naturally; folders and links to folders end with a slash', async () => {
  for (const name of ['b10', 'b2']) writeFileSync(`${base}/${name}`, '')
  mkdirSync(`${base}/a`)
  symlinkSync('a', `${base}/link`)
  symlinkSync('nowhere', `${base}/broken`)
  expect(await listFolder(base, '', patient)).toEqual(['a/', 'b2', 'b10', 'broken', 'link/'])
  expect(await listFolder('/nowhere', `${base}/`, patient)).toHaveLength(5)
  expect(await listFolder(base, 'a/../', patient)).toHaveLength(5)
})

test('a file or an unreadable folder has no names', async () => {
  writeFileSync(`${base}/file`, '')
  expect(await listFolder(base, 'file/')).toEqual([])
  expect(await listFolder(base, 'nowhere/')).toEqual([])
})

test('reads a bounded number of names', async () => {
  for (const name of ['a', 'b', 'c']) writeFileSync(`${base}/${name}`, '')
  expect(await listFolder(base, '', {...patient, maxNames: 2})).toHaveLength(2)
})

test('gives up after the time limit', async () => {
  // Each batch of names takes a turn of the event loop or more, so 1 ms is too short for all.
  for (let number = 0; number < 2000; number++) writeFileSync(`${base}/${number}`, '')
  expect(await listFolder(base, '', {maxMs: 0})).toEqual([])
})
