import {fork} from 'node:child_process'
import {once} from 'node:events'
import {existsSync, mkdtempSync, readdirSync, readlinkSync, rmSync, statSync} from 'node:fs'
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

test('one process holds a lease, until it is killed', async () => {
  const file = join(folder, 'one.lock')
  const other = fork(holder, [file], {execArgv: ['--conditions=holdfast-source']})
  await once(other, 'message')

  expect(() => takeLease(file, {waitMs: 50})).toThrow(LeaseHeldError)

  other.kill('SIGKILL')
  await once(other, 'exit')
  takeLease(file, {waitMs: 2000}).release()
})

test('a process that tries its own lease again keeps it', async () => {
  const file = join(folder, 'one.lock')
  const lease = takeLease(file)
  expect(() => takeLease(file, {waitMs: 0})).toThrow(LeaseHeldError)

  const other = fork(holder, [file], {execArgv: ['--conditions=holdfast-source'], silent: true})
  const [code] = await Promise.race([once(other, 'exit'), once(other, 'message').then(() => ['it got the lease'])])
  other.kill('SIGKILL')
  expect(code).toBe(1)
  lease.release()
})

test('a process that waits while the owner removes the file gets a lock on the next file of that name', async () => {
  const file = join(folder, 'one.lock')
  const fixture = {execArgv: ['--conditions=holdfast-source']}
  const owner = fork(holder, [file], fixture)
  await once(owner, 'message')
  const waiting = fork(holder, [file], fixture)
  await expect.poll(() => openFiles(waiting.pid!)).toContain(file)

  // The last host of a session removes the file before it frees the lock.
  rmSync(file)
  owner.kill('SIGKILL')
  await once(waiting, 'message')
  expect(existsSync(file)).toBe(true)
  expect(() => takeLease(file, {waitMs: 50})).toThrow(LeaseHeldError)
  waiting.kill('SIGKILL')
  await once(waiting, 'exit')
})

function openFiles(pid: number): string[] {
  const folderOfLinks = `/proc/${pid}/fd`
  return readdirSync(folderOfLinks).flatMap((name) => {
    try {
      return readlinkSync(`${folderOfLinks}/${name}`)
    } catch {
      // Closed meanwhile.
      return []
    }
  })
}

test('only its owner can read the lease file', () => {
  const file = join(folder, 'one.lock')
  takeLease(file).release()
  expect(statSync(file).mode & 0o777).toBe(0o600)
})

test('a released lease can be taken again', () => {
  const file = join(folder, 'one.lock')
  takeLease(file).release()
  takeLease(file).release()
})

test('a missing folder is an error of the file system, not a held lease', () => {
  expect(() => takeLease(join(folder, 'nowhere', 'one.lock'))).toThrow(expect.objectContaining({code: 'ENOENT'}))
})
