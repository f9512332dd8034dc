import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {afterEach, beforeEach, expect, test} from 'vitest'
import {type Breadcrumbs, createBreadcrumbs, explainExits, readCrashLog} from '@holdfast/breadcrumbs'
import {type Child, watchHeartbeat} from '@holdfast/supervisor'

import {killFixtures, startFixture} from './fixtures/start-fixture.ts'

let folder: string
let file: string
let breadcrumbs: Breadcrumbs
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heartbeat-'))
  file = join(folder, 'crash.log')
  breadcrumbs = createBreadcrumbs({file, role: 'tui'})
})
afterEach(async () => {
  killFixtures()
  await rm(folder, {recursive: true})
})

/** Watches a child that is ready; a ping writes a line. */
async function watch(args: string[] = []) {
  const child = startFixture('ping-pong', args, {name: 'gateway', breadcrumbs})
  const output = readOutput(child)
  await output.next('ready')
  let pings = 0
  let onPing = () => {}
  const end = watchHeartbeat(child, {
    name: 'gateway',
    ping: () => {
      pings += 1
      onPing()
      child.stdin.write('ping\n')
    },
    pingMs: 30,
    deadlineMs: 600,
    stop: {graceMs: 0, killAfterMs: 50},
    breadcrumbs,
  })
  /** Waits for this number of pings. */
  const pinged = (times: number) =>
    new Promise<void>((resolve) => {
      onPing = () => pings >= times && resolve()
    })
  return {child, end, output, pings: () => pings, pinged}
}

function readOutput(child: Child) {
  let text = ''
  let check = () => {}
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString()
    check()
  })
  return {
    /** Waits until the text was written `times` times. */
    next: (wanted: string, times = 1) =>
      new Promise<void>((resolve) => {
        check = () => text.split(wanted).length > times && resolve()
        check()
      }),
  }
}

test('a child that is stopped is ended, and the log says that it was unresponsive', async () => {
  const {child} = await watch()
  process.kill(Number(child.pid), 'SIGSTOP')
  // SIGTERM arrives only when it continues; SIGKILL at once.
  expect(await child.exited).toMatchObject({signal: 'SIGKILL', requested: true})
  expect(explainExits(readCrashLog(file).breadcrumbs)).toMatchObject([{role: 'gateway', detail: 'it was unresponsive'}])
})

test('a child that answers keeps running', async () => {
  const {child, output, pings, end} = await watch()
  await output.next('pong', 40)
  expect(pings()).toBeGreaterThanOrEqual(40)
  end()
  expect((await child.stop('done')).signal).toBeNull()
})

test('any byte is a heartbeat, also from a child that is too busy to answer', async () => {
  const {child, output} = await watch(['busy'])
  await output.next('busy', 60)
  expect(await child.stop('done', {graceMs: 0})).toMatchObject({signal: 'SIGTERM', requested: true})
})

test('output that this process does not read counts, too', async () => {
  const {child, pinged} = await watch(['busy'])
  child.stdout.pause()
  process.kill(Number(child.pid), 'SIGSTOP')
  // Longer than the deadline.
  await pinged(60)
  expect(child.stdout.isPaused()).toBe(true)
  process.kill(Number(child.pid), 'SIGCONT')
  expect(await child.stop('done', {graceMs: 0})).toMatchObject({signal: 'SIGTERM'})
  expect(readCrashLog(file).breadcrumbs.map(({event}) => event)).not.toContain('unresponsive')
})

test('a ping that fails is ignored', async () => {
  const child = startFixture('ignore-stdin', [], {name: 'gateway', breadcrumbs})
  await readOutput(child).next('ready')
  const ping = () => Promise.reject(new Error('the peer is gone'))
  watchHeartbeat(child, {name: 'gateway', ping, pingMs: 20, deadlineMs: 200, breadcrumbs})
  expect(await child.exited).toMatchObject({signal: 'SIGTERM', requested: true})
})
