import {mkdtemp, readFile, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {createInterface, type Interface} from 'node:readline'

import {afterEach, beforeEach, describe, expect, test} from 'vitest'
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

interface Ending {
  child: Child
  /** The next line of its stdout. */
  line(): Promise<string | undefined>
  kill(signal: NodeJS.Signals): void
}

/** A process that ends in order, ready to do so. */
async function startEnding(how: string, atEnd = '', deadlineMs = 60_000): Promise<Ending> {
  const child = startFixture('handle-shutdown', [how, atEnd, file, String(deadlineMs)])
  const lines: Interface = createInterface({input: child.stdout})
  const iterator = lines[Symbol.asyncIterator]()
  const line = async () => ((await iterator.next()) as {value?: string}).value
  expect(await line()).toBe('ready')
  return {child, line, kill: (signal) => process.kill(Number(child.pid), signal)}
}

/** What the breadcrumbs say, without time and process. */
async function trail(): Promise<string[]> {
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n')
  return lines.map((line) => line.replace(/^\S+ gateway pid=\d+ /, '').replace(/:\d+:\d+$/, ''))
}

describe('the end in order', () => {
  test.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGINT', 130],
  ] as const)('follows %s, runs what is to be done, and exits with %i', async (signal, code) => {
    const {child, line, kill} = await startEnding('')
    kill(signal)
    expect(await line()).toBe(`{"kind":"signal","signal":"${signal}"}`)
    expect(await child.exited).toMatchObject({code, stderr: ['all is saved']})
    expect(await trail()).toEqual([`shutdown cause=signal signal=${signal}`])
  })

  test('follows the end of stdin, and exits with 0', async () => {
    const {child, line} = await startEnding('')
    child.stdin.end()
    expect(await line()).toBe('{"kind":"stdin-ended"}')
    expect(await child.exited).toMatchObject({code: 0, stderr: ['all is saved']})
    expect(await trail()).toEqual(['shutdown cause=stdin-ended'])
  })

  test('follows an input that can no longer be read, as a terminal that is closed may say it', async () => {
    const {child} = await startEnding('unreadable')
    expect(await child.exited).toMatchObject({code: 0, stderr: ['all is saved']})
    expect(await trail()).toEqual(['shutdown cause=stdin-ended'])
  })

  test('comes once when it is asked for twice', async () => {
    const {child, line} = await startEnding('asked-twice')
    expect(await line()).toBe('{"kind":"requested","reason":"first"}')
    expect(await child.exited).toMatchObject({code: 0})
    expect(await trail()).toEqual(['shutdown cause=requested reason=first'])
  })

  test.each([
    ['by-user', 0, 'shutdown cause=requested by=user reason="the user left"'],
    ['terminal-closed', 129, 'shutdown cause=terminal-closed'],
    ['memory', 137, 'shutdown cause=memory used_bytes=95 limit_bytes=100'],
  ])('tells who asked for it, or what for (%s), by its exit code %i', async (how, code, line) => {
    const {child} = await startEnding(how)
    expect(await child.exited).toMatchObject({code, stderr: ['all is saved']})
    expect(await trail()).toEqual([line])
  })

  test.each([
    ['uncaught', 'TypeError'],
    ['rejected', 'RangeError'],
  ])('follows an error that is %s, which is printed last and not put into the log', async (how, name) => {
    const {child} = await startEnding(how)
    expect(await child.exited).toMatchObject({code: 1})
    expect(child.stderrTail()).toMatch(new RegExp(`^all is saved\n${name}: secret words\n`))
    expect(await trail()).toEqual([`shutdown cause=uncaught error=${name} place=handle-shutdown.ts`])
  })

  test('has a deadline of its own', async () => {
    const {child, kill} = await startEnding('', 'hang', 20)
    kill('SIGTERM')
    expect(await child.exited).toMatchObject({code: 143, stderr: []})
    expect(await trail()).toEqual(['shutdown cause=signal signal=SIGTERM', 'shutdown-timeout deadline_ms=20'])
  })

  test('comes at once at a second signal', async () => {
    const {child, line, kill} = await startEnding('', 'hang')
    kill('SIGTERM')
    await line()
    kill('SIGINT')
    expect(await child.exited).toMatchObject({code: 130})
    expect(await trail()).toEqual(['shutdown cause=signal signal=SIGTERM', 'signal-during-shutdown signal=SIGINT'])
  })

  test('is not hurried by the second SIGHUP of a terminal that is closed', async () => {
    const {child, line, kill} = await startEnding('', 'hang')
    kill('SIGHUP')
    await line()
    kill('SIGHUP')
    while ((await trail()).length < 2) await new Promise((resolve) => setImmediate(resolve))
    kill('SIGTERM')
    expect(await child.exited).toMatchObject({code: 143})
    expect(await trail()).toEqual([
      'shutdown cause=signal signal=SIGHUP',
      'signal-during-shutdown signal=SIGHUP',
      'signal-during-shutdown signal=SIGTERM',
    ])
  })

  test('comes also when what is to be done fails, and then not with 0', async () => {
    const {child} = await startEnding('asked', 'throw')
    expect(await child.exited).toMatchObject({code: 1})
    expect(child.stderrTail()).toMatch(/^Error: the disk is full\n/)
    expect(await trail()).toEqual([
      'shutdown cause=requested reason="the work is done"',
      'shutdown-failed error=Error place=handle-shutdown.ts',
    ])
  })

  test('is not disturbed by an error that nobody catches', async () => {
    const {child} = await startEnding('asked', 'throw-uncaught')
    expect(await child.exited).toMatchObject({code: 0, stderr: ['all is saved']})
    expect(await trail()).toEqual([
      'shutdown cause=requested reason="the work is done"',
      'uncaught-during-shutdown error=TypeError place=handle-shutdown.ts',
    ])
  })

  test('does not come when it was disposed of', async () => {
    const {child, kill} = await startEnding('disposed')
    kill('SIGTERM')
    expect(await child.exited).toMatchObject({code: null, signal: 'SIGTERM'})
    const {child: failing} = await startEnding('disposed-uncaught')
    expect(await failing.exited).toMatchObject({code: 1})
    expect(failing.stderrTail()).toContain('TypeError: secret words')
  })
})
