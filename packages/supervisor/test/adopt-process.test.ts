import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {afterEach, beforeEach, expect, test} from 'vitest'
import {createBreadcrumbs, explainDeaths, readCrashLog} from '@holdfast/breadcrumbs'
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
  // Who still looks would write of what is ended now.
  for (const one of adopted.splice(0)) one.release()
  killFixtures()
  await rm(folder, {recursive: true})
})

function adopt(child: Child, changes: object = {}, options: object = {}) {
  const identity = identifyProcess(child.pid) ?? expect.fail('Expected the process to live')
  const breadcrumbs = createBreadcrumbs({file, who: 'gateway'})
  const one = adoptProcess({...identity, ...changes}, {name: 'host', everyMs: 10, breadcrumbs, ...options})
  adopted.push(one)
  return one
}

test('is told when a process that was found is gone, however it went', async () => {
  const child = startFixture('ignore-stdin')
  await firstLine(child)
  const found = adopt(child)
  process.kill(Number(child.pid), 'SIGKILL')
  await found.gone
  expect(isAlive(found.pid)).toBe(false)
})

test('stops it with its group, by the signals that it takes', async () => {
  const child = startFixture('ignore-term')
  await firstLine(child)
  await adopt(child).stop('it is deaf', {killAfterMs: 20})
  expect(await child.exited).toMatchObject({signal: 'SIGKILL'})
  expect(readCrashLog(file).map((line) => line.replace(/^.*? (\w+) child=host child_pid=\d+/, '$1'))).toEqual([
    'adopt',
    'stop reason="it is deaf"',
    'signal signal=SIGTERM reason="it is deaf"',
    'signal signal=SIGKILL reason="it is deaf"',
    'gone requested=true',
  ])
  expect(explainDeaths(readCrashLog(file))).toMatchObject([{who: 'host', verdict: 'parent', why: 'it is deaf'}])
})

test('never takes a later process of the same pid for it, nor signals that', async () => {
  const child = startFixture('ignore-stdin')
  await firstLine(child)
  const found = adopt(child, {startTime: '1'})
  await found.gone
  await found.stop('done')
  expect(isAlive(Number(child.pid))).toBe(true)
})

test('knows its last words, where it leaves them', async () => {
  const stderrFile = join(folder, 'host.err')
  await writeFile(stderrFile, 'password=abc\nout of luck\n')
  const child = startFixture('ignore-stdin')
  await firstLine(child)
  expect(adopt(child, {}, {stderrFile}).stderrTail()).toBe('password=***\nout of luck\n')
  expect(adopt(child).stderrTail()).toBe('')
})

test('lets it go alive', async () => {
  const child = startFixture('ignore-stdin')
  await firstLine(child)
  const found = adopt(child)
  found.release()
  await expect(found.stop('done')).rejects.toThrow('Expected host to be still ours, but it was released')
  expect(isAlive(found.pid)).toBe(true)
})

test('looks at it only from when it is in doubt, where something else tells of that', async () => {
  const child = startFixture('ignore-stdin')
  await firstLine(child)
  const doubt = Promise.withResolvers<void>()
  // Gone already.
  const found = adopt(child, {startTime: '1'}, {lookFrom: doubt.promise})
  expect(readCrashLog(file)).toHaveLength(1)
  doubt.resolve()
  await found.gone
  expect(readCrashLog(file)).toHaveLength(2)
})
