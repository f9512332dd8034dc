import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {createInterface, type Interface} from 'node:readline'

import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {readCrashLog} from '@holdfast/breadcrumbs'
import type {Child} from '@holdfast/supervisor'

import {killFixtures, startFixture} from './fixtures/start-fixture.ts'

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handle-shutdown-'))
  file = join(folder, 'crash.log')
})
afterEach(async () => {
  killFixtures()
  await rm(folder, {recursive: true})
})

interface Fixture {
  child: Child
  /** The next line of its stdout. */
  line(): Promise<string | undefined>
  kill(signal: NodeJS.Signals): void
}

async function start(how: string, onShutdown = '', deadlineMs = 60_000): Promise<Fixture> {
  const child = startFixture('handle-shutdown', [how, onShutdown, file, String(deadlineMs)])
  const lines: Interface = createInterface({input: child.stdout})
  const iterator = lines[Symbol.asyncIterator]()
  const line = async () => ((await iterator.next()) as {value?: string}).value
  expect(await line()).toBe('ready')
  return {child, line, kill: (signal) => process.kill(Number(child.pid), signal)}
}

function trail(): [event: string, facts: object][] {
  return readCrashLog(file).breadcrumbs.map(({event, facts: {place, ...facts}}) => [
    event,
    {...facts, ...(place !== undefined && {place: String(place).split(':')[0]})},
  ])
}

describe('a shutdown', () => {
  test.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGINT', 130],
  ] as const)('on %s calls onShutdown and exits with %i', async (signal, code) => {
    const {child, line, kill} = await start('')
    kill(signal)
    expect(await line()).toBe(`{"kind":"signal","signal":"${signal}"}`)
    expect(await child.exited).toMatchObject({code, stderr: ['all is saved']})
    expect(trail()).toEqual([['shutdown', {cause: 'signal', signal}]])
  })

  test('on the end of stdin exits with 0', async () => {
    const {child, line} = await start('')
    child.stdin.end()
    expect(await line()).toBe('{"kind":"stdin-ended"}')
    expect(await child.exited).toMatchObject({code: 0, stderr: ['all is saved']})
    expect(trail()).toEqual([['shutdown', {cause: 'stdin-ended'}]])
  })

  test('begins when stdin cannot be read any more, as after a terminal was closed', async () => {
    const {child} = await start('unreadable')
    expect(await child.exited).toMatchObject({code: 0, stderr: ['all is saved']})
    expect(trail()).toEqual([['shutdown', {cause: 'stdin-ended'}]])
  })

  test('begins once when it is requested twice', async () => {
    const {child, line} = await start('requested-twice')
    expect(await line()).toBe('{"kind":"requested","reason":"first"}')
    expect(await child.exited).toMatchObject({code: 0})
    expect(trail()).toEqual([['shutdown', {cause: 'requested', reason: 'first'}]])
  })

  test.each([
    ['by-user', 0, {cause: 'requested', by: 'user', reason: 'the user left'}],
    ['terminal-closed', 129, {cause: 'terminal-closed'}],
    ['memory', 137, {cause: 'memory', used_bytes: 95, limit_bytes: 100}],
  ])('records its cause (%s), and exits with %i', async (how, code, facts) => {
    const {child} = await start(how)
    expect(await child.exited).toMatchObject({code, stderr: ['all is saved']})
    expect(trail()).toEqual([['shutdown', facts]])
  })

  test.each([
    ['uncaught', 'TypeError'],
    ['rejected', 'RangeError'],
  ])('on an error that is %s prints that last, and records no message', async (how, name) => {
    const {child} = await start(how)
    expect(await child.exited).toMatchObject({code: 1})
    expect(child.stderrTail()).toMatch(new RegExp(`^all is saved\n${name}: secret text\n`))
    expect(trail()).toEqual([['shutdown', {cause: 'uncaught', error: name, place: 'handle-shutdown.ts'}]])
  })

  test('has a deadline', async () => {
    const {child, kill} = await start('', 'hang', 20)
    kill('SIGTERM')
    expect(await child.exited).toMatchObject({code: 143, stderr: []})
    expect(trail()).toEqual([
      ['shutdown', {cause: 'signal', signal: 'SIGTERM'}],
      ['shutdown-timeout', {deadline_ms: 20}],
    ])
  })

  test('ends at a second signal', async () => {
    const {child, line, kill} = await start('', 'hang')
    kill('SIGTERM')
    await line()
    kill('SIGINT')
    expect(await child.exited).toMatchObject({code: 130})
    expect(trail()).toEqual([
      ['shutdown', {cause: 'signal', signal: 'SIGTERM'}],
      ['signal-during-shutdown', {signal: 'SIGINT'}],
    ])
  })

  test('does not take a signal that a wrapper passes on for a second one', async () => {
    const {child, kill} = await start('', 'hang', 300)
    kill('SIGTERM')
    kill('SIGTERM')
    expect(await child.exited).toMatchObject({code: 143})
    expect(trail()).toEqual([
      ['shutdown', {cause: 'signal', signal: 'SIGTERM'}],
      ['shutdown-timeout', {deadline_ms: 300}],
    ])
  })

  test('does not end at the second SIGHUP of a closed terminal', async () => {
    const {child, line, kill} = await start('', 'hang')
    kill('SIGHUP')
    await line()
    while (trail().length < 2) {
      kill('SIGHUP')
      await new Promise((resolve) => setImmediate(resolve))
    }
    kill('SIGTERM')
    expect(await child.exited).toMatchObject({code: 143})
    expect(trail()).toEqual([
      ['shutdown', {cause: 'signal', signal: 'SIGHUP'}],
      ['signal-during-shutdown', {signal: 'SIGHUP'}],
      ['signal-during-shutdown', {signal: 'SIGTERM'}],
    ])
  })

  test('ends when onShutdown fails, and then not with 0', async () => {
    const {child} = await start('requested', 'throw')
    expect(await child.exited).toMatchObject({code: 1})
    expect(child.stderrTail()).toMatch(/^Error: the disk is full\n/)
    expect(trail()).toEqual([
      ['shutdown', {cause: 'requested', reason: 'the work is done'}],
      ['shutdown-failed', {error: 'Error', place: 'handle-shutdown.ts'}],
    ])
  })

  test('continues after an uncaught error', async () => {
    const {child} = await start('requested', 'throw-uncaught')
    expect(await child.exited).toMatchObject({code: 0, stderr: ['all is saved']})
    expect(trail()).toEqual([
      ['shutdown', {cause: 'requested', reason: 'the work is done'}],
      ['uncaught-during-shutdown', {error: 'TypeError', place: 'handle-shutdown.ts'}],
    ])
  })

  test('does not begin after dispose', async () => {
    const {child, kill} = await start('disposed')
    kill('SIGTERM')
    expect(await child.exited).toMatchObject({code: null, signal: 'SIGTERM'})
    const {child: failing} = await start('disposed-uncaught')
    expect(await failing.exited).toMatchObject({code: 1})
    expect(failing.stderrTail()).toContain('TypeError: secret text')
  })
})
