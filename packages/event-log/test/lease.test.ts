import {fork} from 'node:child_process'
import {once} from 'node:events'
import {mkdtempSync, rmSync, statSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'

import {afterEach, beforeEach, expect, test} from 'vitest'

import {LeaseHeldError, takeLease} from '../src/lease.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-lease-'))
})
afterEach(() => rmSync(folder, {recursive: true}))

const holder = fileURLToPath(new URL('fixtures/hold-lease.ts', import.meta.url))

test('is held by one process, and free as soon as that one is killed', async () => {
  const file = join(folder, 'one.lock')
  const other = fork(holder, [file], {execArgv: []})
  await once(other, 'message')

  expect(() => takeLease(file, {waitMs: 50})).toThrow(LeaseHeldError)

  other.kill('SIGKILL')
  await once(other, 'exit')
  takeLease(file, {waitMs: 2000}).release()
})

test('is for its owner only', () => {
  const file = join(folder, 'one.lock')
  takeLease(file).release()
  expect(statSync(file).mode & 0o777).toBe(0o600)
})

test('can be taken again once it was released', () => {
  const file = join(folder, 'one.lock')
  takeLease(file).release()
  takeLease(file).release()
})

test('a folder that is not there is a fault, not a held lease', () => {
  expect(() => takeLease(join(folder, 'nowhere', 'one.lock'))).toThrow(expect.objectContaining({code: 'ENOENT'}))
})
