import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {afterEach, beforeEach, expect, test} from 'vitest'
import {type Breadcrumbs, createBreadcrumbs, explainDeaths, readCrashLog} from '@holdfast/breadcrumbs'
import {type Child, watchLiveness} from '@holdfast/supervisor'

import {killFixtures, startFixture} from './fixtures/start-fixture.ts'

let folder: string
let file: string
let breadcrumbs: Breadcrumbs
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'liveness-'))
  file = join(folder, 'crash.log')
  breadcrumbs = createBreadcrumbs({file, who: 'tui'})
})
afterEach(async () => {
  killFixtures()
  await rm(folder, {recursive: true})
})

/** Watches a child that is ready; a ping writes a line. */
async function watch(args: string[] = []) {
  const child = startFixture('ping-pong', args, {name: 'gateway', breadcrumbs})
  const heard = listen(child)
  await heard.next('ready')
  let pings = 0
  let onPing = () => {}
  const end = watchLiveness(child, {
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
  /** Waits until it was pinged so often. */
  const pinged = (times: number) =>
    new Promise<void>((resolve) => {
      onPing = () => pings >= times && resolve()
    })
  return {child, end, heard, pings: () => pings, pinged}
}

/** What a child says on stdout. */
function listen(child: Child) {
  let text = ''
  let look = () => {}
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString()
    look()
  })
  return {
    /** Waits until a word was said so often. */
    next: (word: string, times = 1) =>
      new Promise<void>((resolve) => {
        look = () => text.split(word).length > times && resolve()
        look()
      }),
  }
}

test('a child that is stopped is ended, and the log says that its parent did it, and why', async () => {
  const {child} = await watch()
  process.kill(Number(child.pid), 'SIGSTOP')
  // SIGTERM waits until it goes on; SIGKILL does not.
  expect(await child.exited).toMatchObject({signal: 'SIGKILL', requested: true})
  expect(explainDeaths(readCrashLog(file))).toMatchObject([
    {who: 'gateway', verdict: 'parent', why: 'it was unresponsive'},
  ])
})

test('a child that answers lives', async () => {
  const {child, heard, pings, end} = await watch()
  await heard.next('pong', 40)
  expect(pings()).toBeGreaterThanOrEqual(40)
  end()
  expect((await child.stop('done')).signal).toBeNull()
})

test('any byte is a sign of life, also of a child that is too busy to answer', async () => {
  const {child, heard} = await watch(['busy'])
  await heard.next('busy', 60)
  expect(await child.stop('done', {graceMs: 0})).toMatchObject({signal: 'SIGTERM', requested: true})
})

test('what we do not read is not held against it', async () => {
  const {child, pinged} = await watch(['busy'])
  child.stdout.pause()
  process.kill(Number(child.pid), 'SIGSTOP')
  // Longer than it may be silent.
  await pinged(60)
  expect(child.stdout.isPaused()).toBe(true)
  process.kill(Number(child.pid), 'SIGCONT')
  expect(await child.stop('done', {graceMs: 0})).toMatchObject({signal: 'SIGTERM'})
  expect(readCrashLog(file).join('\n')).not.toContain('deaf')
})

test('a ping that fails is no sign of life, and no fault', async () => {
  const child = startFixture('ignore-stdin', [], {name: 'gateway', breadcrumbs})
  await listen(child).next('ready')
  const ping = () => Promise.reject(new Error('the peer is gone'))
  watchLiveness(child, {name: 'gateway', ping, pingMs: 20, deadlineMs: 200, breadcrumbs})
  expect(await child.exited).toMatchObject({signal: 'SIGTERM', requested: true})
})
