import {execFileSync} from 'node:child_process'
import {writeFileSync} from 'node:fs'
import {chmod, mkdtemp, open, readFile, rm, stat, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {text} from 'node:stream/consumers'

import {afterEach, beforeEach, describe, expect, onTestFinished, test, vi} from 'vitest'
import {createBreadcrumbs, readCrashLog} from '@holdfast/breadcrumbs'
import {startChild} from '@holdfast/supervisor'

import {isAlive} from './fixtures/is-alive.ts'
import {firstLine, killFixtures, startFixture} from './fixtures/start-fixture.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'supervisor-'))
})
afterEach(async () => {
  killFixtures()
  await rm(folder, {recursive: true})
})

describe('a child', () => {
  test('has pipes of its own, and an instance name that replaces the inherited one', async () => {
    const env = {HOLDFAST_INSTANCE: 'outer:9', REMOVED: undefined, ADDED: 'added'}
    process.env['REMOVED'] = 'not removed'
    const child = startFixture('echo-until-end', [], {name: 'gateway', generation: 2, env})
    child.stdin.end('hello\n')
    expect(await text(child.stdout)).toBe('gateway:2 removed added\nhello\n')
    expect(await child.exited).toMatchObject({pid: child.pid, generation: 2, code: 0, requested: false})
  })

  test('leads a process group of its own', async () => {
    const child = startFixture('ignore-stdin')
    await firstLine(child)
    process.kill(-Number(child.pid), 'SIGKILL')
    expect(await child.exited).toMatchObject({code: null, signal: 'SIGKILL'})
  })

  test('that exits reports its code and the last three lines of its stderr', async () => {
    const child = startFixture('print-and-exit', ['7', 'one\\ntwo\\r\\n\\nthree\\nfour'])
    expect(await child.exited).toEqual({
      pid: child.pid,
      generation: 1,
      code: 7,
      signal: null,
      stderr: ['two', 'three', 'four'],
      requested: false,
      startable: true,
    })
    expect(child.stderrTail()).toBe('one\ntwo\r\n\nthree\nfour')
  })

  test('that is killed from outside reports the signal', async () => {
    const child = startFixture('ignore-stdin')
    await firstLine(child)
    process.kill(Number(child.pid), 'SIGKILL')
    expect(await child.exited).toMatchObject({code: null, signal: 'SIGKILL', requested: false, startable: true})
  })

  test('can write to stderr without end, and the last 4096 characters are kept', async () => {
    const child = startFixture('flood-stderr')
    expect(await child.exited).toMatchObject({code: 0})
    expect(child.stderrTail()).toBe(`${'ü '.repeat(2047)}ü!`)
  })

  test('has no secret in its stderr tail, even one that was cut in two', async () => {
    const line = `${'ü'.repeat(80)} api_key=abcdefgh Bearer ${'S3cret'.repeat(60)} `
    const long = startFixture('print-and-exit', ['1', line.repeat(200)])
    expect((await long.exited).stderr.join()).toMatch(/ api_key=\*\*\* Bearer \*\*\* $/)
    expect(long.stderrTail()).not.toMatch(/abcdefgh|S3cret|\uFFFD/)
    const short = startFixture('print-and-exit', ['1', 'token=abc\\nfailed'])
    expect(await short.exited).toMatchObject({stderr: ['token=***', 'failed']})
  })

  test('that is a Node program reports its error, not its stack', async () => {
    const child = startChild({
      name: 'x',
      command: process.execPath,
      args: ['-e', 'throw new Error("the disk is full")'],
    })
    expect(await child.exited).toMatchObject({code: 1, stderr: ['Error: the disk is full']})
  })

  test('has exited even while a grandchild holds its pipes', async () => {
    const child = startFixture('hold-pipe-with-grandchild')
    const grandchild = Number(await firstLine(child))
    expect(await child.exited).toMatchObject({code: 3, stderr: ['left a grandchild behind']})
    expect(isAlive(grandchild)).toBe(true)
    process.kill(grandchild, 'SIGKILL')
  })

  test('that has exited does not keep this process alive, even while a grandchild holds its stderr', async () => {
    const parent = startFixture('start-and-forget')
    const grandchild = Number(await firstLine(parent))
    expect(await parent.exited).toMatchObject({code: 0})
    expect(isAlive(grandchild)).toBe(true)
    process.kill(grandchild, 'SIGKILL')
  })

  test('reports its whole stderr even when its exit is reported before that was read', async () => {
    const go = join(folder, 'go')
    execFileSync('mkfifo', [go])
    const first = startChild({name: 'first', command: 'sh', args: ['-c', 'read line; echo bye']})
    const second = startChild({name: 'second', command: 'sh', args: ['-c', `read line <${go}; echo final output >&2`]})
    // One poll of the event loop returns the output and the exit of the first. While its output is handled, the second
    // writes and exits: that exit is handled in the same round, its stderr only in the next one.
    first.stdout.on('data', () => {
      writeFileSync(go, 'go\n')
      while (isAlive(Number(second.pid)));
    })
    first.stdin.write('go\n')
    while (isAlive(Number(first.pid)));
    expect(await second.exited).toMatchObject({code: 0, stderr: ['final output']})
  })

  test('may exit while it is written to', async () => {
    const child = startFixture('print-and-exit', ['0'])
    child.stdin.write(Buffer.alloc(1_000_000))
    expect(await child.exited).toMatchObject({code: 0})
    child.stdin.write('too late')
  })
})

describe('a child that cannot be started', () => {
  test('has exited, and trying again is pointless where the program is missing', async () => {
    const child = startChild({name: 'gateway', command: join(folder, 'nothing')})
    expect(child.pid).toBeUndefined()
    const exit = await child.exited
    expect(exit).toMatchObject({pid: undefined, code: null, signal: null, stderr: [], startable: false})
    expect(exit.error).toMatchObject({
      code: 'ENOENT',
      message: `Cannot start \`${join(folder, 'nothing')}\`: no such program (ENOENT)`,
    })
    expect(await child.stop('no longer wanted')).toBe(exit)
    expect(await text(child.stdout)).toBe('')
    child.stdin.write('hello')
  })

  test('is not startable either where the program is not executable', async () => {
    const command = join(folder, 'plain.txt')
    await writeFile(command, 'hello')
    await chmod(command, 0o600)
    expect(await startChild({name: 'gateway', command}).exited).toMatchObject({
      error: {code: 'EACCES'},
      startable: false,
    })
  })

  test('is startable where the program is only busy', async () => {
    const command = join(folder, 'script.sh')
    await writeFile(command, '#!/bin/sh\n', {mode: 0o700})
    const writer = await open(command, 'a')
    const exit = await startChild({name: 'gateway', command}).exited
    await writer.close()
    expect(exit).toMatchObject({error: {code: 'ETXTBSY'}, startable: true})
  })

  test('names the folder when that is missing', async () => {
    const cwd = join(folder, 'gone')
    const exit = await startChild({name: 'gateway', command: process.execPath, cwd}).exited
    expect(exit.error?.message).toBe(`Cannot start \`${process.execPath}\`: \`${cwd}\` is not a folder`)
  })

  test('is reported in the same way when its arguments are invalid', async () => {
    const exit = await startChild({name: 'gateway', command: 'echo', args: ['nul\0']}).exited
    expect(exit).toMatchObject({error: {code: 'ERR_INVALID_ARG_VALUE'}, startable: false})
  })
})

describe('stop', () => {
  test('ends the stdin of the child first', async () => {
    const child = startFixture('echo-until-end')
    await firstLine(child)
    expect(await child.stop('done', {graceMs: 60_000})).toMatchObject({code: 0, signal: null, requested: true})
  })

  test('sends SIGTERM to a child that ignores the end of its stdin', async () => {
    const child = startFixture('ignore-stdin')
    await firstLine(child)
    const exit = await child.stop('done', {graceMs: 1, killAfterMs: 60_000})
    expect(exit).toMatchObject({code: null, signal: 'SIGTERM', requested: true})
  })

  test('gives a child its whole time after SIGTERM, also if this process was not scheduled before', async () => {
    const cleanUp = `process.on('SIGTERM', () => setTimeout(() => process.exit(7), 50)); console.log('ready')`
    const args = ['-e', `${cleanUp}; setInterval(() => {}, 60_000)`]
    const child = startChild({name: 'tidy', command: process.execPath, args})
    onTestFinished(() => void child.stop('the test is over', {graceMs: 0, killAfterMs: 0}))
    await firstLine(child)
    const now = performance.now.bind(performance)
    let stalledMs = 0
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => now() + stalledMs)
    onTestFinished(() => clock.mockRestore())
    const stopped = child.stop('done', {graceMs: 20, killAfterMs: 20_000})
    stalledMs = 60_000
    expect(await stopped).toMatchObject({code: 7, requested: true})
  })

  test('sends SIGKILL to a child that ignores SIGTERM, too', async () => {
    const child = startFixture('ignore-term')
    await firstLine(child)
    expect(await child.stop('done', {graceMs: 0, killAfterMs: 1})).toMatchObject({signal: 'SIGKILL', requested: true})
  })

  test('kills a child that still runs when this process exits', async () => {
    const parent = startFixture('exit-while-stopping')
    const pid = Number(await firstLine(parent))
    expect(await parent.exited).toMatchObject({code: 0})
    await expect.poll(() => isAlive(pid)).toBe(false)
  })

  test('called again with shorter times ends the wait', async () => {
    const child = startFixture('ignore-term')
    await firstLine(child)
    const first = child.stop('done', {graceMs: 60_000, killAfterMs: 60_000})
    expect(await child.stop('at once', {graceMs: 0, killAfterMs: 0})).toMatchObject({signal: 'SIGKILL'})
    expect(await first).toBe(await child.exited)
  })

  test('called again with longer times changes nothing', async () => {
    const child = startFixture('ignore-term')
    await firstLine(child)
    void child.stop('done', {graceMs: 5, killAfterMs: 5})
    expect(await child.stop('no hurry', {graceMs: 60_000, killAfterMs: 60_000})).toMatchObject({signal: 'SIGKILL'})
  })

  test('ends the rest of the group when the child has exited', async () => {
    const child = startFixture('hold-group-with-grandchild')
    const grandchild = Number(await firstLine(child))
    expect(await child.stop('done', {graceMs: 60_000, killAfterMs: 100})).toMatchObject({code: 0})
    expect(isAlive(grandchild)).toBe(false)
  })

  test('leaves alone the group of a child that exited by itself', async () => {
    const child = startFixture('hold-pipe-with-grandchild')
    const grandchild = Number(await firstLine(child))
    const exit = await child.exited
    expect(await child.stop('too late')).toBe(exit)
    expect(exit.requested).toBe(false)
    expect(isAlive(grandchild)).toBe(true)
    process.kill(grandchild, 'SIGKILL')
  })
})

describe('a child that outlives this process', () => {
  test('keeps running when it is released, and this process exits by itself', async () => {
    const parent = startFixture('release-child', [join(folder, 'host.err')])
    const pid = Number(await firstLine(parent))
    expect(await parent.exited).toMatchObject({code: 0, stderr: []})
    expect(isAlive(pid)).toBe(true)
    process.kill(pid, 'SIGKILL')
  })

  test('has no stdin, and its stderr goes to a file that only its owner may read', async () => {
    const stderrFile = join(folder, 'run', 'host.err')
    const child = startFixture('echo-until-end', [], {outlives: {stderrFile}})
    expect(await text(child.stdout)).toMatch(/^echo-until-end:1 /)
    child.stdin.write('nobody reads this')
    expect(await child.exited).toMatchObject({code: 0})
    expect((await stat(stderrFile)).mode & 0o777).toBe(0o600)
  })

  test('reports the last lines that this instance wrote to the file', async () => {
    const stderrFile = join(folder, 'host.err')
    await writeFile(stderrFile, 'of an earlier instance\n')
    const child = startFixture('print-and-exit', ['1', 'of this instance\\n'], {outlives: {stderrFile}})
    expect(await child.exited).toMatchObject({code: 1, stderr: ['of this instance']})
    expect(child.stderrTail()).toBe('of this instance\n')
    expect(await readFile(stderrFile, 'utf8')).toBe('of an earlier instance\nof this instance\n')
  })

  test('is stopped by SIGTERM, and not at all once it is released', async () => {
    const outlives = {stderrFile: join(folder, 'host.err')}
    const child = startFixture('ignore-stdin', [], {outlives})
    await firstLine(child)
    const stopped = child.stop('done', {graceMs: 60_000})
    child.release()
    expect(await stopped).toMatchObject({signal: 'SIGTERM'})

    const released = startFixture('ignore-stdin', [], {outlives})
    await firstLine(released)
    released.release()
    await expect(released.stop('done')).rejects.toThrow('Cannot stop ignore-stdin: it was released')
    process.kill(Number(released.pid), 'SIGKILL')
  })

  test('is the only kind that `release` accepts', async () => {
    const child = startFixture('print-and-exit')
    expect(() => child.release()).toThrow('Cannot release print-and-exit: it was started without `outlives`')
    await child.exited
  })
})

test('breadcrumbs record each start and exit, the reason of each stop, and no output', async () => {
  const file = join(folder, 'crash.log')
  const breadcrumbs = createBreadcrumbs({file, role: 'tui'})
  const stubborn = startFixture('ignore-term', [], {name: 'gateway', generation: 4, breadcrumbs})
  await firstLine(stubborn)
  await stubborn.stop('quit', {graceMs: 0, killAfterMs: 1})
  const talking = startFixture('print-and-exit', ['1', 'secret text.'], {name: 'host', breadcrumbs})
  await talking.exited
  await startChild({name: 'agent', command: join(folder, 'nothing'), breadcrumbs}).exited

  const gateway = {child: 'gateway', child_pid: stubborn.pid, child_generation: 4}
  const host = {child: 'host', child_pid: talking.pid, child_generation: 1}
  expect(readCrashLog(file).breadcrumbs.map(({event, facts}) => [event, facts])).toEqual([
    ['spawn', gateway],
    ['stop', {...gateway, reason: 'quit'}],
    ['signal', {...gateway, signal: 'SIGTERM', reason: 'quit'}],
    ['signal', {...gateway, signal: 'SIGKILL', reason: 'quit'}],
    ['child-exit', {...gateway, code: null, signal: 'SIGKILL', requested: true, stderr_bytes: 0}],
    ['spawn', host],
    ['child-exit', {...host, code: 1, signal: null, requested: false, stderr_bytes: 12}],
    ['spawn-failed', {child: 'agent', child_generation: 1, errno: 'ENOENT'}],
  ])
})
