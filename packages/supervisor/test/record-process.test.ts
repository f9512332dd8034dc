import {type ChildProcessByStdio, spawn} from 'node:child_process'
import {once} from 'node:events'
import {readFileSync} from 'node:fs'
import {mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile} from 'node:fs/promises'
import {hostname, tmpdir} from 'node:os'
import {join} from 'node:path'
import type {Readable, Writable} from 'node:stream'

import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {explainExits, readCrashLog} from '@holdfast/breadcrumbs'
import {identifyProcess, processState, readPidFiles} from '@holdfast/supervisor'

let folder: string
let file: string
let pidFolder: string
const running = new Set<ChildProcessByStdio<Writable, Readable, null>>()

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'process-'))
  file = join(folder, 'logs', 'crash.log')
  pidFolder = join(folder, 'run')
})
afterEach(async () => {
  for (const child of running) child.kill('SIGKILL')
  await rm(folder, {recursive: true})
})

async function start(how = ''): Promise<ChildProcessByStdio<Writable, Readable, null>> {
  const script = join(import.meta.dirname, 'fixtures', 'record-process.ts')
  const args = ['--conditions=holdfast-source', script, file, pidFolder, how]
  const child = spawn(process.execPath, args, {stdio: ['pipe', 'pipe', 'ignore']})
  running.add(child)
  await once(child.stdout, 'data')
  return child
}

async function end(child: ChildProcessByStdio<Writable, Readable, null>, action: string): Promise<unknown[]> {
  child.stdin.write(`${action}\n`)
  return await once(child, 'exit')
}

async function kill(child: ChildProcessByStdio<Writable, Readable, null>): Promise<void> {
  child.kill('SIGKILL')
  await once(child, 'exit')
}

/** Events with their facts, without those that differ from run to run. */
function trail(): [event: string, facts: object][] {
  return readCrashLog(file).breadcrumbs.map(({event, facts}) => {
    const stable = Object.entries(facts).filter(([name]) => !['ppid', 'child_pid', 'started'].includes(name))
    return [event, Object.fromEntries(stable.map(([name, fact]) => [name, name === 'place' ? baseOf(fact) : fact]))]
  })
}

/** The file name of `file.ts:1:2`. */
const baseOf = (place: unknown) => String(place).split(':')[0]

const events = () => trail().map(([event]) => event)
const explain = () => explainExits(readCrashLog(file).breadcrumbs)
const started: [string, object] = ['start', {version: '1.0.0'}]

describe('a process', () => {
  test('records its start and its exit, and has a PID file only while it runs', async () => {
    const child = await start()
    expect(readPidFiles(pidFolder)).toMatchObject([
      {role: 'host', session: 's_4k', generation: 3, process: {pid: child.pid}},
    ])
    const [name = ''] = await readdir(pidFolder)
    expect((await stat(join(pidFolder, name))).mode & 0o777).toBe(0o600)
    expect(await end(child, 'exit')).toEqual([3, null])
    expect(trail()).toEqual([started, ['exit', {code: 3}]])
    expect(readCrashLog(file).breadcrumbs[0]).toMatchObject({role: 'host', generation: 3, session: 's_4k'})
    expect(await readdir(pidFolder)).toEqual([])
  })

  test.each([
    ['throw', 'uncaughtException', 'TypeError'],
    ['reject', 'unhandledRejection', 'RangeError'],
  ])('that ends by an error (%s) records its name, not its message', async (action, origin, error) => {
    expect(await end(await start(), action)).toEqual([1, null])
    expect(trail()).toEqual([started, ['uncaught', {origin, error, place: 'record-process.ts'}], ['exit', {code: 1}]])
    expect(explain()).toMatchObject([{cause: 'crashed', detail: error}])
  })

  test('records an error in a worker, and leaves it to the owner of the worker', async () => {
    expect(await end(await start(), 'work')).toEqual([0, null])
    expect(trail()[1]).toMatchObject(['uncaught', {origin: 'worker', error: 'SyntaxError'}])
  })

  test('that is quiet records neither start nor exit', async () => {
    const child = await start('quiet')
    expect(readPidFiles(pidFolder)).toHaveLength(1)
    await end(child, 'exit')
    expect(trail()).toEqual([])
  })
})

describe('a process that was killed', () => {
  test('is recorded by the next one that starts, once', async () => {
    const victim = await start()
    await kill(victim)
    expect(await readdir(pidFolder)).toHaveLength(1)
    await Promise.all([start(), start(), start()])
    const inferred = trail().filter(([event]) => event === 'exit-inferred')
    expect(inferred).toEqual([['exit-inferred', {child: 'host', child_generation: 3, rebooted: false}]])
    expect(explain()).toMatchObject([
      {role: 'host', pid: victim.pid, session: 's_4k', cause: 'external', detail: 'SIGKILL', isCertain: false},
    ])
    expect(await readdir(pidFolder)).toHaveLength(3)
  })

  test('is recorded even while its parent has not waited for it', async () => {
    const script = join(import.meta.dirname, 'fixtures', 'record-process.ts')
    const command = [process.execPath, '--conditions=holdfast-source', script, file, pidFolder]
    // The shell becomes a program that waits for no child.
    const parent = spawn('/bin/sh', ['-c', '"$@" & exec sleep 1000', 'sh', ...command], {
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    running.add(parent)
    const [pid] = (await once(parent.stdout, 'data')) as [Buffer]
    process.kill(Number(pid), 'SIGKILL')
    await expect.poll(() => readFileSync(`/proc/${Number(pid)}/stat`, 'utf8')).toContain(') Z ')
    expect(readPidFiles(pidFolder)).toEqual([])
    await start()
    expect(events()).toContain('exit-inferred')
  })

  test('is not explained without the log of its time', async () => {
    await kill(await start())
    await rm(file)
    await start()
    expect(explain()).toMatchObject([{role: 'host', cause: 'unknown', detail: 'no-record'}])
  })

  test('is known to be dead though its pid belongs to another process by now', async () => {
    const victim = await start()
    await kill(victim)
    const [name = ''] = await readdir(pidFolder)
    const content = JSON.parse(await readFile(join(pidFolder, name), 'utf8')) as {process: {pid: number}}
    content.process.pid = process.pid
    await writeFile(join(pidFolder, name), JSON.stringify(content))
    await start()
    expect(events()).toContain('exit-inferred')
  })

  test('before a restart of the machine is recorded as such', async () => {
    await leavePidFile({boot: 'another'})
    await start()
    expect(explain()).toMatchObject([{cause: 'external', detail: 'machine-restarted'}])
  })
})

describe('a PID file', () => {
  test('of a stopped process stays: the process is alive', async () => {
    const stopped = await start()
    stopped.stdin.write('stop\n')
    await start()
    expect(trail()).toEqual([started, started])
    expect(readPidFiles(pidFolder)).toHaveLength(2)
  })

  test.each([
    ['another machine', {machine: `not-${hostname()}`}],
    ['another container', {namespace: 'pid:[1]'}],
  ])('of %s stays for 30 days', async (_, identity) => {
    const path = await leavePidFile(identity)
    await start()
    expect(trail()).toEqual([started])
    expect(await readdir(pidFolder)).toHaveLength(2)
    await utimes(path, 0, 0)
    await start()
    expect(trail()).toEqual([started, started])
    expect(readPidFiles(pidFolder)).toHaveLength(2)
    expect(await readdir(pidFolder)).toHaveLength(2)
  })

  test('is found, and recorded, among thousands from another machine', async () => {
    const elsewhere = {...identifyProcess(), machine: `not-${hostname()}`}
    const text = JSON.stringify({role: 'host', startedAt: 0, parentPid: 1, process: elsewhere})
    await mkdir(pidFolder)
    const leave = (from: number) =>
      Promise.all(
        Array.from({length: 1500}, (_, index) => writeFile(join(pidFolder, `${from + index}-1@elsewhere.pid`), text)),
      )
    // A folder may be listed from its oldest or from its newest file.
    await leave(1)
    const living = await start()
    await kill(await start())
    await leave(2001)
    expect(readPidFiles(pidFolder).map(({process: {pid}}) => pid)).toEqual([living.pid])
    await start()
    expect(trail().filter(([event]) => event === 'exit-inferred')).toHaveLength(1)
    expect(readPidFiles(pidFolder)).toHaveLength(2)
  })

  test('that is invalid is ignored', async () => {
    await leavePidFile({})
    await writeFile(join(pidFolder, '1-1.pid'), '{"role"')
    await writeFile(join(pidFolder, 'other'), '')
    await start()
    expect(readPidFiles(pidFolder)).toHaveLength(1)
  })

  test('is left out where its folder cannot be created', async () => {
    await writeFile(join(folder, 'plain'), '')
    pidFolder = join(folder, 'plain', 'run')
    expect(await end(await start(), 'exit')).toEqual([3, null])
    expect(trail()).toHaveLength(2)
  })
})

test('a process is identified by its pid and its start time', async () => {
  const child = await start()
  const identity = identifyProcess(child.pid) ?? expect.fail('Expected the process to live')
  expect(processState(identity)).toBe('alive')
  expect(processState({...identity, startTime: '1'})).toBe('dead')
  await kill(child)
  expect(processState(identity)).toBe('dead')
  expect(identifyProcess(child.pid)).toBeUndefined()
  expect(processState({pid: process.pid, machine: hostname(), ...bootAndNamespace()})).toBe('alive')
})

/** Leaves the PID file of a process that was killed, with changes to its identity. */
async function leavePidFile(changes: object): Promise<string> {
  await kill(await start())
  const [name = ''] = await readdir(pidFolder)
  const path = join(pidFolder, name)
  const content = JSON.parse(await readFile(path, 'utf8')) as {process: object}
  await writeFile(path, JSON.stringify({...content, process: {...content.process, ...changes}}))
  await rm(file)
  return path
}

function bootAndNamespace() {
  const {boot, namespace} = identifyProcess() ?? expect.fail('Expected this process to live')
  return {...(boot && {boot}), ...(namespace && {namespace})}
}
