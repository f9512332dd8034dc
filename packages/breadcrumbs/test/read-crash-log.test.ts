import {execFileSync} from 'node:child_process'
import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {afterEach, beforeEach, expect, test} from 'vitest'
import {readCrashLog} from '@holdfast/breadcrumbs'

import {encodeBreadcrumb} from '../src/log/encode-breadcrumb.ts'

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'read-log-'))
  file = join(folder, 'crash.log')
})
afterEach(() => rm(folder, {recursive: true}))

const line = (event: string) =>
  encodeBreadcrumb({time: '2026-03-01T12:00:00.000Z', role: 'tui', pid: 71, event, facts: {}})

function read() {
  const {breadcrumbs, skippedLines} = readCrashLog(file)
  return [breadcrumbs.map(({event}) => event), skippedLines]
}

test('reads both files, the older one first', async () => {
  await writeFile(`${file}.1`, `${line('one')}\n${line('two')}\n`)
  await writeFile(file, `${line('three')}\n`)
  expect(read()).toEqual([['one', 'two', 'three'], 0])
})

test('skips and counts half lines, and keeps the line that another process wrote behind one', async () => {
  const half = line('half').slice(0, 50)
  await writeFile(file, `${line('one')}\n${half}${line('two')}\nError: out of luck\n${line('three')}\n${half}`)
  expect(read()).toEqual([['one', 'two', 'three'], 3])
})

test('a log that does not exist is empty', () => {
  expect(read()).toEqual([[], 0])
  expect(readCrashLog(folder)).toEqual({breadcrumbs: [], skippedLines: 0})
})

test('a named pipe is empty, and is not waited for', () => {
  execFileSync('mkfifo', [file])
  expect(read()).toEqual([[], 0])
})

test('reads the last 2 MiB of a file, in whole lines', async () => {
  await writeFile(file, `${line('x'.repeat(900))}\n`.repeat(3000))
  const {breadcrumbs, skippedLines} = readCrashLog(file)
  expect(breadcrumbs.length).toBeGreaterThan(2000)
  expect(breadcrumbs.length).toBeLessThan(2200)
  expect(skippedLines).toBe(0)
})
