import {once} from 'node:events'
import {existsSync} from 'node:fs'
import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {afterEach, beforeEach, expect, test} from 'vitest'
import {createBreadcrumbs, explainExits, readCrashLog} from '@holdfast/breadcrumbs'
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

const readyLine = (child: Child) => once(child.stdout, 'data')
const never = new Promise<never>(() => {})

test('returns the value of `ready`', async () => {
  const child = startFixture('ignore-stdin')
  expect(String(await awaitReady(child, readyLine(child), {name: 'gateway'}))).toBe('ready\n')
})

test('a child that was ready while this process was busy was ready in time', async () => {
  const child = startChild({
    name: 'gateway',
    command: 'sh',
    args: ['-c', 'echo ready; echo > said; exec sleep 60'],
    cwd: folder,
  })
  const ready = awaitReady(child, readyLine(child), {name: 'gateway', timeoutMs: 20})
  const startedAt = performance.now()
  const isOver = () => performance.now() - startedAt > (existsSync(join(folder, 'said')) ? 40 : 10_000)
  while (!isOver());
  expect(String(await ready)).toBe('ready\n')
  await child.stop('the test is over', {graceMs: 0, killAfterMs: 0})
})

test('ends a child that takes too long, and quotes its stderr', async () => {
  const breadcrumbs = createBreadcrumbs({file, role: 'tui'})
  const args = ['-c', 'echo "looking for the disk" >&2; exec sleep 60']
  const child = startChild({name: 'gateway', command: 'sh', args, breadcrumbs})
  await expect(awaitReady(child, never, {name: 'gateway', timeoutMs: 200, breadcrumbs})).rejects.toMatchObject({
    code: 'start-timeout',
    message: 'gateway was not ready after 200 ms: looking for the disk',
    exit: {signal: 'SIGTERM', requested: true},
  })
  expect(explainExits(readCrashLog(file).breadcrumbs)).toMatchObject([
    {role: 'gateway', detail: 'it was not ready in time'},
  ])
})

test('quotes the stderr of a child that exits too early', async () => {
  const child = startFixture('print-and-exit', ['7', 'one\\nout of luck\\n'])
  await expect(awaitReady(child, never, {name: 'gateway'})).rejects.toMatchObject({
    code: 'exited',
    message: 'gateway exited with 7 before it was ready: out of luck',
  })
})

test('says so when there is no stderr to quote', async () => {
  const child = startFixture('ignore-stdin')
  await readyLine(child)
  process.kill(Number(child.pid), 'SIGKILL')
  await expect(awaitReady(child, never, {name: 'gateway'})).rejects.toMatchObject({
    message: 'gateway was ended by SIGKILL before it was ready (no output on stderr)',
  })
})

test('fails in the same way for a child that cannot be started', async () => {
  const command = join(folder, 'nothing')
  const child = startChild({name: 'gateway', command})
  await expect(awaitReady(child, never, {name: 'gateway'})).rejects.toMatchObject({
    code: 'not-startable',
    message: `Cannot start \`${command}\`: no such program (ENOENT)`,
    exit: {startable: false},
    cause: {code: 'ENOENT'},
  })
})
