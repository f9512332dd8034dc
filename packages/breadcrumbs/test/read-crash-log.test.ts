import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {afterEach, beforeEach, expect, test} from 'vitest'
import {readCrashLog} from '@holdfast/breadcrumbs'

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'read-log-'))
  file = join(folder, 'crash.log')
})
afterEach(() => rm(folder, {recursive: true}))

test('reads the lines of both files, the older first, and leaves out half a line', async () => {
  await writeFile(`${file}.1`, 'one\ntwo\n')
  await writeFile(file, 'three\nhalf')
  expect(readCrashLog(file)).toEqual(['one', 'two', 'three'])
})

test('a log that is not there has no lines', () => {
  expect(readCrashLog(file)).toEqual([])
  expect(readCrashLog(folder)).toEqual([])
})

test('reads the last 2 MiB of a file, in whole lines', async () => {
  const line = 'x'.repeat(1023)
  await writeFile(file, `${line}\n`.repeat(3000))
  const lines = readCrashLog(file)
  expect(lines.length).toBeLessThanOrEqual(2048)
  expect(new Set(lines)).toEqual(new Set([line]))
})
