import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {afterEach, beforeEach, expect, test} from 'vitest'
import {createBreadcrumbs, explainExits, readCrashLog} from '@holdfast/breadcrumbs'
import {type AdoptedProcess, adoptProcess, type Child, identifyProcess} from '@holdfast/supervisor'

import {isAlive} from './fixtures/is-alive.ts'
import {firstLine, killFixtures, startFixture} from './fixtures/start-fixture.ts'

const adopted: AdoptedProcess[] = []
let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'adopt-'))
  file = join(folder, 'crash.log')
})
afterEach(async () => {
  // A watch that is still active would write to the folder that is removed now.
  for (const one of adopted.splice(0)) one.release()
  killFixtures()
  await rm(folder, {recursive: true})
})

function adopt(child: Child, changes: object = {}, options: object = {}) {
  const identity = identifyProcess(child.pid) ?? expect.fail('Expected the process to live')
  const breadcrumbs = createBreadcrumbs({file, role: 'gateway'})
  const one = adoptProcess({...identity, ...changes}, {name: 'host', everyMs: 10, breadcrumbs, ...options})
  adopted.push(one)
  return one
}

test('`gone` resolves when the process was killed', async () => {
  const child = startFixture('ignore-stdin')
  await firstLine(child)
  const found = adopt(child)
  process.kill(Number(child.pid), 'SIGKILL')
  await found.gone
  expect(isAlive(found.pid)).toBe(false)
})

test('`stop` ends the process with its group', async () => {
  const child = startFixture('ignore-term')
  await firstLine(child)
  await adopt(child).stop('it is replaced', {killAfterMs: 20})
  expect(await child.exited).toMatchObject({signal: 'SIGKILL'})
  const {breadcrumbs} = readCrashLog(file)
  const host = {child: 'host', child_pid: child.pid}
  const reason = 'it is replaced'
  expect(breadcrumbs.map(({event, facts}) => [event, facts])).toEqual([
    ['adopt', host],
    ['stop', {...host, reason}],
    ['signal', {...host, signal: 'SIGTERM', reason}],
    ['signal', {...host, signal: 'SIGKILL', reason}],
    ['gone', {...host, requested: true}],
  ])
  expect(explainExits(breadcrumbs)).toMatchObject([{role: 'host', cause: 'stopped-by-parent', detail: reason}])
})

test('neither mistakes a later process with the same pid for it nor signals that', async () => {
  const child = startFixture('ignore-stdin')
  await firstLine(child)
  const found = adopt(child, {startTime: '1'})
  await found.gone
  await found.stop('done')
  expect(isAlive(Number(child.pid))).toBe(true)
})

test('returns the end of its stderr file', async () => {
  const stderrFile = join(folder, 'host.err')
  await writeFile(stderrFile, 'password=abc\nout of luck\n')
  const child = startFixture('ignore-stdin')
  await firstLine(child)
  expect(adopt(child, {}, {stderrFile}).stderrTail()).toBe('password=***\nout of luck\n')
  expect(adopt(child).stderrTail()).toBe('')
})

test('no secret is in the end of a long stderr file, even where reading begins in the middle of one', async () => {
  const stderrFile = join(folder, 'host.err')
  const child = startFixture('ignore-stdin')
  await firstLine(child)
  const {stderrTail} = adopt(child, {}, {stderrFile})
  const key = `-----BEGIN PRIVATE KEY-----\n${'S3cretS3cretS3cret\n'.repeat(20)}-----END PRIVATE KEY-----\n`
  for (const secret of [key, 'token=S3cret\n', `Bearer ${'S3cret'.repeat(30)}\n`, 'Bearer\tS3cretS3cret']) {
    const written = secret.repeat(Math.ceil(600_000 / secret.length))
    for (const behind of [0, 1, 7, 20, 33, 180]) {
      await writeFile(stderrFile, `${written.slice(behind)}\nout of luck`)
      expect(stderrTail()).toMatch(/out of luck$/)
      expect(stderrTail()).not.toMatch(/cretS3|=S3cret/)
    }
  }
})

test('`release` leaves it alive', async () => {
  const child = startFixture('ignore-stdin')
  await firstLine(child)
  const found = adopt(child)
  found.release()
  await expect(found.stop('done')).rejects.toThrow('Cannot stop host: it was released')
  expect(isAlive(found.pid)).toBe(true)
})

test('checks only from `checkFrom` on', async () => {
  const child = startFixture('ignore-stdin')
  await firstLine(child)
  const doubt = Promise.withResolvers<void>()
  const found = adopt(child, {startTime: '1'}, {checkFrom: doubt.promise})
  expect(readCrashLog(file).breadcrumbs).toHaveLength(1)
  doubt.resolve()
  await found.gone
  expect(readCrashLog(file).breadcrumbs).toHaveLength(2)
})
