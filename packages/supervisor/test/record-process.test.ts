import {type ChildProcessByStdio, spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdtemp, readdir, readFile, rm, stat, utimes, writeFile} from 'node:fs/promises'
import {hostname, tmpdir} from 'node:os'
import {join} from 'node:path'
import type {Readable, Writable} from 'node:stream'

import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {explainDeaths, readCrashLog} from '@holdfast/breadcrumbs'
import {identifyProcess, processState, readPidFiles} from '@holdfast/supervisor'

let folder: string
let file: string
let pidFolder: string
const living = new Set<ChildProcessByStdio<Writable, Readable, null>>()

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'process-'))
  file = join(folder, 'logs', 'crash.log')
  pidFolder = join(folder, 'run')
})
afterEach(async () => {
  for (const life of living) life.kill('SIGKILL')
  await rm(folder, {recursive: true})
})

/** A process that has begun its life. */
async function live(how = ''): Promise<ChildProcessByStdio<Writable, Readable, null>> {
  const script = join(import.meta.dirname, 'fixtures', 'record-process.ts')
  const args = ['--conditions=holdfast-source', script, file, pidFolder, how]
  const life = spawn(process.execPath, args, {stdio: ['pipe', 'pipe', 'ignore']})
  living.add(life)
  await once(life.stdout, 'data')
  return life
}

async function end(life: ChildProcessByStdio<Writable, Readable, null>, word: string): Promise<unknown[]> {
  life.stdin.write(`${word}\n`)
  return await once(life, 'exit')
}

async function kill(life: ChildProcessByStdio<Writable, Readable, null>): Promise<void> {
  life.kill('SIGKILL')
  await once(life, 'exit')
}

/** What the log says, without time, process and where an error came from. */
function trail(): string[] {
  return readCrashLog(file).map((line) =>
    line
      .replace(/^\S+ (\S+) pid=\d+ /, '$1 ')
      .replace(/:\d+:\d+$/, '')
      .replace(/ (ppid|child_pid)=\d+/g, '')
      .replace(/ started="[^"]*"/, ''),
  )
}

const begun = 'host gen=3 session=s_4k start version="1.0.0"'

describe('a life', () => {
  test('tells its start and its end, and leaves a mark only while it lasts', async () => {
    const life = await live()
    expect(readPidFiles(pidFolder)).toMatchObject([
      {role: 'host', session: 's_4k', generation: 3, process: {pid: life.pid}},
    ])
    const [name = ''] = await readdir(pidFolder)
    expect((await stat(join(pidFolder, name))).mode & 0o777).toBe(0o600)
    expect(await end(life, 'exit')).toEqual([3, null])
    expect(trail()).toEqual([begun, 'host gen=3 session=s_4k exit code=3'])
    expect(await readdir(pidFolder)).toEqual([])
  })

  test.each([
    ['throw', 'uncaughtException', 'TypeError'],
    ['reject', 'unhandledRejection', 'RangeError'],
  ])('that ends by an error (%s) names it, and says nothing of its message', async (word, origin, error) => {
    expect(await end(await live(), word)).toEqual([1, null])
    expect(trail()).toEqual([
      begun,
      `host gen=3 session=s_4k uncaught origin=${origin} error=${error} place=record-process.ts`,
      'host gen=3 session=s_4k exit code=1',
    ])
    expect(explainDeaths(readCrashLog(file))).toMatchObject([{verdict: 'own-error', why: error}])
  })

  test('tells an error of its workers, and leaves it to whoever handles it', async () => {
    expect(await end(await live(), 'work')).toEqual([0, null])
    expect(trail()[1]).toMatch(/^host gen=3 session=s_4k uncaught origin=worker error=SyntaxError/)
  })

  test('that is quiet tells neither start nor end', async () => {
    const life = await live('quiet')
    expect(readPidFiles(pidFolder)).toHaveLength(1)
    await end(life, 'exit')
    expect(trail()).toEqual([])
  })
})

describe('a life that was killed', () => {
  test('is told by the next that begins, once, with whose it was', async () => {
    const victim = await live()
    await kill(victim)
    expect(await readdir(pidFolder)).toHaveLength(1)
    await Promise.all([live(), live(), live()])
    const told = trail().filter((line) => line.includes('exit-inferred'))
    expect(told).toEqual(['host gen=3 session=s_4k exit-inferred child=host child_generation=3 rebooted=false'])
    expect(explainDeaths(readCrashLog(file))).toMatchObject([
      {who: 'host', pid: victim.pid, session: 's_4k', verdict: 'signal', why: 'SIGKILL', certainty: 'suggested'},
    ])
    expect(await readdir(pidFolder)).toHaveLength(3)
  })

  test('is not explained where the log was taken away', async () => {
    await kill(await live())
    await rm(file)
    await live()
    expect(explainDeaths(readCrashLog(file))).toMatchObject([{who: 'host', verdict: 'unknown', why: 'no-record'}])
  })

  test('is known to be dead though its pid is another one’s by now', async () => {
    const victim = await live()
    await kill(victim)
    const [name = ''] = await readdir(pidFolder)
    const mark = JSON.parse(await readFile(join(pidFolder, name), 'utf8')) as {
      process: {pid: number; startTime: string}
    }
    mark.process.pid = process.pid
    await writeFile(join(pidFolder, name), JSON.stringify(mark))
    await live()
    expect(trail().some((line) => line.includes('exit-inferred'))).toBe(true)
  })

  test('before the machine was started anew is told as that', async () => {
    await leaveMark({boot: 'another'})
    await live()
    expect(explainDeaths(readCrashLog(file))).toMatchObject([{verdict: 'machine', why: 'restarted'}])
  })
})

describe('a mark', () => {
  test('of one that is stopped is left: it lives', async () => {
    const stopped = await live()
    stopped.stdin.write('stop\n')
    await live()
    expect(trail()).toEqual([begun, begun])
    expect(readPidFiles(pidFolder)).toHaveLength(2)
  })

  test.each([
    ['of another machine', {machine: `not-${hostname()}`}],
    ['of another container', {namespace: 'pid:[1]'}],
  ])('%s is left to those who can tell, for 30 days', async (_, where) => {
    const path = await leaveMark(where)
    await live()
    expect(trail()).toEqual([begun])
    expect(await readdir(pidFolder)).toHaveLength(2)
    await utimes(path, 0, 0)
    await live()
    expect(trail()).toEqual([begun, begun])
    expect(readPidFiles(pidFolder)).toHaveLength(2)
    expect(await readdir(pidFolder)).toHaveLength(2)
  })

  test('that is none hurts nobody', async () => {
    await leaveMark({})
    await writeFile(join(pidFolder, '1-1.pid'), '{"role"')
    await writeFile(join(pidFolder, 'other'), '')
    await live()
    expect(readPidFiles(pidFolder)).toHaveLength(1)
  })

  test('cannot be left in a folder that cannot be made, and that hurts nobody', async () => {
    await writeFile(join(folder, 'plain'), '')
    pidFolder = join(folder, 'plain', 'run')
    expect(await end(await live(), 'exit')).toEqual([3, null])
    expect(trail()).toHaveLength(2)
  })
})

test('a process is known by its pid and its start', async () => {
  const life = await live()
  const identity = identifyProcess(life.pid) ?? expect.fail('Expected the process to live')
  expect(processState(identity)).toBe('alive')
  expect(processState({...identity, startTime: '1'})).toBe('dead')
  await kill(life)
  expect(processState(identity)).toBe('dead')
  expect(identifyProcess(life.pid)).toBeUndefined()
  expect(processState({pid: process.pid, machine: hostname(), ...bootAndNamespace()})).toBe('alive')
})

/** A mark of a process that has just been killed, but for some of its identity. */
async function leaveMark(other: object): Promise<string> {
  await kill(await live())
  const [name = ''] = await readdir(pidFolder)
  const path = join(pidFolder, name)
  const mark = JSON.parse(await readFile(path, 'utf8')) as {process: object}
  await writeFile(path, JSON.stringify({...mark, process: {...mark.process, ...other}}))
  await rm(file)
  return path
}

function bootAndNamespace() {
  const {boot, namespace} = identifyProcess() ?? expect.fail('Expected this process to live')
  return {...(boot && {boot}), ...(namespace && {namespace})}
}
