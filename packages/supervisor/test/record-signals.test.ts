import {mkdtemp, readdir, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {afterEach, beforeEach, expect, test} from 'vitest'
import {explainExits, readCrashLog} from '@holdfast/breadcrumbs'

import {firstLine, killFixtures, startFixture} from './fixtures/start-fixture.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'record-signals-'))
})
afterEach(async () => {
  killFixtures()
  await rm(folder, {recursive: true})
})

async function signal(name: NodeJS.Signals, how = '') {
  const [file, pidFolder] = [join(folder, 'crash.log'), join(folder, 'run')]
  const child = startFixture('record-signals', [file, pidFolder, how])
  await firstLine(child)
  process.kill(Number(child.pid), name)
  const {code, signal: endedBy} = await child.exited
  const exits = explainExits(readCrashLog(file).breadcrumbs).map(({detail}) => detail)
  return {code, endedBy, exits, pidFiles: await readdir(pidFolder)}
}

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s ends a command as usual, and is recorded', async (name) => {
  expect(await signal(name)).toEqual({code: null, endedBy: name, exits: [name], pidFiles: []})
})

test('a signal that the command handles itself does not end it', async () => {
  expect(await signal('SIGTERM', 'handles')).toEqual({code: 9, endedBy: null, exits: ['SIGTERM'], pidFiles: []})
})

test('Ctrl-C that the command handles itself is not recorded', async () => {
  expect(await signal('SIGINT', 'handles')).toEqual({code: 9, endedBy: null, exits: [], pidFiles: []})
})

test('SIGKILL leaves the PID file behind', async () => {
  expect(await signal('SIGKILL')).toMatchObject({endedBy: 'SIGKILL', exits: [], pidFiles: [expect.any(String)]})
})
