import {once} from 'node:events'
import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {afterEach, beforeEach, expect, test} from 'vitest'
import {createBreadcrumbs, explainDeaths, readCrashLog} from '@holdfast/breadcrumbs'
import {awaitReady, type Child, startChild} from '@holdfast/supervisor'

import {killFixtures, startFixture} from './fixtures/start-fixture.ts'

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'await-ready-'))
  file = join(folder, 'crash.log')
})
afterEach(async () => {
  killFixtures()
  await rm(folder, {recursive: true})
})

const saysReady = (child: Child) => once(child.stdout, 'data')
const never = new Promise<never>(() => {})

test('gives what being ready gave', async () => {
  const child = startFixture('ignore-stdin')
  expect(String(await awaitReady(child, saysReady(child), {name: 'gateway'}))).toBe('ready\n')
})

test('a child that is late is ended, and its last words are told', async () => {
  const breadcrumbs = createBreadcrumbs({file, who: 'tui'})
  const args = ['-c', 'echo "looking for the disk" >&2; exec sleep 60']
  const child = startChild({name: 'gateway', command: 'sh', args, breadcrumbs})
  await expect(awaitReady(child, never, {name: 'gateway', timeoutMs: 200, breadcrumbs})).rejects.toMatchObject({
    code: 'start-timeout',
    message: 'Expected gateway to be ready within 200 ms: looking for the disk',
    exit: {signal: 'SIGTERM', requested: true},
  })
  expect(explainDeaths(readCrashLog(file))).toMatchObject([
    {who: 'gateway', verdict: 'parent', why: 'it was not ready in time'},
  ])
})

test('a child that exits before it is ready fails with its last words', async () => {
  const child = startFixture('print-and-exit', ['7', 'one\\nout of luck\\n'])
  await expect(awaitReady(child, never, {name: 'gateway'})).rejects.toMatchObject({
    code: 'exited',
    message: 'Expected gateway to be ready, but it exited with 7: out of luck',
  })
})

test('a child that is killed without a word says so', async () => {
  const child = startFixture('ignore-stdin')
  await saysReady(child)
  process.kill(Number(child.pid), 'SIGKILL')
  await expect(awaitReady(child, never, {name: 'gateway'})).rejects.toMatchObject({
    message: 'Expected gateway to be ready, but it was ended by SIGKILL, without a word',
  })
})

test('a child that cannot be started fails in the same way', async () => {
  const command = join(folder, 'nothing')
  const child = startChild({name: 'gateway', command})
  await expect(awaitReady(child, never, {name: 'gateway'})).rejects.toMatchObject({
    code: 'not-startable',
    message: `Expected \`${command}\` to be a program that can be started, got ENOENT`,
    exit: {startable: false},
    cause: {code: 'ENOENT'},
  })
})
