import {execFileSync, spawn} from 'node:child_process'
import {once} from 'node:events'
import {chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {type Breadcrumb, createBreadcrumbs, noBreadcrumbs} from '@holdfast/breadcrumbs'

import {decodeBreadcrumb} from '../src/log/encode-breadcrumb.ts'

const at = Date.UTC(2026, 2, 1, 12)
let folder: string
let file: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'breadcrumbs-'))
  file = join(folder, 'logs', 'crash.log')
})
afterEach(() => rm(folder, {recursive: true, force: true}))

describe('record', () => {
  test('appends one line, with time, role and pid', async () => {
    const breadcrumbs = createBreadcrumbs({file, role: 'tui', now: () => at})
    breadcrumbs.record('spawn', {child: 'gateway', child_pid: 72, cause: undefined})
    breadcrumbs.with({role: 'gateway', generation: 2, session: 's_4k'}).record('exit', {code: 1})
    const {pid} = process
    const time = '2026-03-01T12:00:00.000Z'
    expect(await breadcrumbsIn(file)).toEqual([
      {time, role: 'tui', pid, event: 'spawn', facts: {child: 'gateway', child_pid: 72}},
      {time, role: 'gateway', pid, generation: 2, session: 's_4k', event: 'exit', facts: {code: 1}},
    ])
  })

  test('masks what looks like a secret, before a long line is cut', async () => {
    const reason = `${'x '.repeat(500)}Bearer ${'S3cret'.repeat(600)} password=hunter2`
    createBreadcrumbs({file, role: 'tui'}).record('stop', {reason, code: 1})
    const [line] = await breadcrumbsIn(file)
    expect(line?.facts['reason']).toMatch(/^(x ){500}Bearer \*\*\* password=\*\*\*$/)
  })

  test('makes file and folder private to their owner', async () => {
    createBreadcrumbs({file, role: 'tui'}).record('start')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect((await stat(join(folder, 'logs'))).mode & 0o777).toBe(0o700)
    await chmod(file, 0o644)
    createBreadcrumbs({file, role: 'tui'}).record('start')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
  })

  test('never throws, whatever fails', async () => {
    await writeFile(join(folder, 'plain'), '')
    await mkdir(join(folder, 'folder'))
    execFileSync('mkfifo', [join(folder, 'pipe')])
    for (const path of ['plain/crash.log', 'folder', 'pipe', 'nul\0']) {
      createBreadcrumbs({file: join(folder, path), role: 'tui'}).record('start')
    }
    createBreadcrumbs({file: '/dev/full', role: 'tui'}).record('start')
    createBreadcrumbs({file, role: 'tui', now: () => Number.NaN}).record('start')
    expect((await readdir(folder)).sort()).toEqual(['folder', 'pipe', 'plain'])
  })

  test('of noBreadcrumbs writes nothing', async () => {
    noBreadcrumbs.with({role: 'tui'}).record('start')
    expect(await readdir(folder)).toEqual([])
  })
})

describe('the tail', () => {
  test('has the last breadcrumbs of this process, oldest first, even those that could not be written', () => {
    const breadcrumbs = createBreadcrumbs({file: '/dev/full', role: 'tui', now: () => at, tailLength: 3})
    for (let n = 0; n < 10; n += 1) breadcrumbs.with({session: `s${n}`}).record('step', {n})
    expect(breadcrumbs.tail().map(({facts}) => facts['n'])).toEqual([7, 8, 9])
    expect(breadcrumbs.with({role: 'gateway'}).tail()).toEqual(breadcrumbs.tail())
    expect(noBreadcrumbs.tail()).toEqual([])
  })
})

describe('the limit', () => {
  test('leaves out events that are too frequent, counts them, and leaves out no others', async () => {
    let now = at
    const breadcrumbs = createBreadcrumbs({file, role: 'tui', now: () => now})
    for (let n = 0; n < 10_000; n += 1) breadcrumbs.with({}).record('exit', {n})
    breadcrumbs.record('shutdown')
    now += 60_000
    breadcrumbs.record('exit', {n: 10_000})
    const crumbs = await breadcrumbsIn(file)
    expect(crumbs).toHaveLength(62)
    expect(crumbs.slice(-2)).toMatchObject([{event: 'shutdown'}, {event: 'exit', facts: {n: 10_000, suppressed: 9940}}])
  })
})

describe('rotation', () => {
  test('moves the file before it becomes too large, and keeps one old file', async () => {
    createBreadcrumbs({file, role: 'tui', now: () => at}).record('step', {n: 0})
    const {size} = await stat(file)
    const breadcrumbs = createBreadcrumbs({file, role: 'tui', now: () => at, maxBytes: 3 * size})
    for (let n = 1; n < 9; n += 1) breadcrumbs.record('step', {n})
    expect(await numbersIn(`${file}.1`)).toEqual([3, 4, 5])
    expect(await numbersIn(file)).toEqual([6, 7, 8])
  })

  test('many processes lose no line and mix none while the file rotates', async () => {
    const writers = ['a', 'b', 'c', 'd']
    // All lines fit into the two files, with one rotation: if the file was moved twice, lines would be lost.
    await Promise.all(writers.map((role) => writeMany(role, 300, 80_000)))
    const crumbs = [...(await breadcrumbsIn(`${file}.1`)), ...(await breadcrumbsIn(file))]
    for (const writer of writers) {
      const numbers = crumbs.filter(({role}) => role === writer).map(({facts}) => Number(facts['n']))
      expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({length: 300}, (_, n) => n))
    }
    expect(await readdir(join(folder, 'logs'))).toEqual(['crash.log', 'crash.log.1'])
  })

  test('takes over the lock of a process that died while it moved the file', async () => {
    const dead = await writeMany('a', 3, 1000)
    await symlink(String(dead), `${file}.lock`)
    createBreadcrumbs({file, role: 'tui', maxBytes: 100}).record('start')
    expect(await breadcrumbsIn(`${file}.1`)).toHaveLength(3)
    expect(await breadcrumbsIn(file)).toMatchObject([{role: 'tui', event: 'start'}])
    expect(await readdir(join(folder, 'logs'))).toEqual(['crash.log', 'crash.log.1'])
  })

  test('writes on while another process holds the lock', async () => {
    await writeMany('a', 3, 1000)
    await symlink(String(process.ppid), `${file}.lock`)
    createBreadcrumbs({file, role: 'tui', maxBytes: 100}).record('start')
    expect(await breadcrumbsIn(file)).toHaveLength(4)
  })
})

/** Resolves with the pid of the writer when it has exited. */
async function writeMany(role: string, count: number, maxBytes: number): Promise<number | undefined> {
  const script = join(import.meta.dirname, 'fixtures', 'write-many.ts')
  const args = ['--conditions=holdfast-source', script, file, role, String(count), String(maxBytes)]
  const child = spawn(process.execPath, args, {stdio: 'inherit'})
  expect(await once(child, 'exit')).toEqual([0, null])
  return child.pid
}

async function numbersIn(path: string): Promise<number[]> {
  return (await breadcrumbsIn(path)).map(({facts}) => Number(facts['n']))
}

async function breadcrumbsIn(path: string): Promise<Breadcrumb[]> {
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n')
  return lines.map((line) => decodeBreadcrumb(line) ?? expect.fail(`Expected a breadcrumb, got \`${line}\``))
}
