import {mkdtemp, readdir, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {afterEach, beforeEach, expect, test} from 'vitest'
import {explainDeaths, readCrashLog} from '@holdfast/breadcrumbs'

import {firstLine, killFixtures, startFixture} from './fixtures/start-fixture.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'record-signals-'))
})
afterEach(async () => {
  killFixtures()
  await rm(folder, {recursive: true})
})

async function signal(name: NodeJS.Signals, word = '') {
  const [file, marks] = [join(folder, 'crash.log'), join(folder, 'run')]
  const child = startFixture('record-signals', [file, marks, word])
  await firstLine(child)
  process.kill(Number(child.pid), name)
  const {code, signal: endedBy} = await child.exited
  return {code, endedBy, verdicts: explainDeaths(readCrashLog(file)).map(({why}) => why), marks: await readdir(marks)}
}

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s ends a command as ever, and is recorded', async (name) => {
  expect(await signal(name)).toEqual({code: null, endedBy: name, verdicts: [name], marks: []})
})

test('a signal that the command listens to is left to it', async () => {
  expect(await signal('SIGTERM', 'listens')).toEqual({code: 9, endedBy: null, verdicts: ['SIGTERM'], marks: []})
})

test('Ctrl-C that the command listens to is none of its end', async () => {
  expect(await signal('SIGINT', 'listens')).toEqual({code: 9, endedBy: null, verdicts: [], marks: []})
})

test('SIGKILL leaves the mark', async () => {
  expect(await signal('SIGKILL')).toMatchObject({endedBy: 'SIGKILL', verdicts: [], marks: [expect.any(String)]})
})
