import {readdirSync, readlinkSync} from 'node:fs'

import {expect, test} from 'vitest'

import {createHome, type Home, type RunningHoldfast} from '../support/home.ts'
import {until} from '../support/until.ts'

/** A program that prints what it is told to, and where the cursor is known; `quit` ends it. */
const program = [
  'sh',
  '-c',
  String.raw`stty -echo; printf 'ready\r\n'; while read -r line && [ "$line" != quit ]; do eval "$line"; done`,
]

async function start(home: Home): Promise<string> {
  const id = (await home.holdfast(['new', '--', ...program])).stdout.trim()
  expect(await wait(home, id, '--text', 'ready')).toEqual(met)
  return id
}
const met = {stdout: '', stderr: '', exitCode: 0}
const wait = async (home: Home, ...args: string[]) => {
  const {stdout, stderr, exitCode} = await home.holdfast(['wait', ...args])
  return {stdout, stderr, exitCode}
}
/** Resolves when the host of the session has the connection of the wait. */
async function beginWait(home: Home, ...args: string[]): Promise<RunningHoldfast> {
  const {pid} = await home.process('host')
  const before = socketsOf(pid)
  const waiting = home.startHoldfast(['wait', ...args])
  await until(() => socketsOf(pid).some((socket) => !before.includes(socket)), {what: 'the connection of the wait'})
  return waiting
}
function socketsOf(pid: number): string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      const target = readlinkSync(`/proc/${pid}/fd/${fd}`)
      return target.startsWith('socket:') ? [target] : []
    } catch {
      // It was closed meanwhile.
      return []
    }
  })
}
const tell = (home: Home, id: string, line: string) => home.holdfast(['keys', id, '--', line, 'Enter'])

test.each([
  ['--text', 'the end', `printf 'the %s' end`],
  ['--regex', '^x{3}$', `printf 'x%.0s' 1 2 3`],
  ['--cursor', '5,7', String.raw`printf '\033[6;8H'`],
  ['--exit', undefined, 'quit'],
])('wait %s returns, begun before it came and after', async (option, value, line) => {
  await using home = createHome()
  const id = await start(home)
  const condition = value === undefined ? [option] : [option, value]
  expect(await wait(home, id, ...condition, '--timeout', '100')).toMatchObject({exitCode: 11})
  const before = await beginWait(home, id, ...condition)
  await tell(home, id, line)
  expect(await before.ended).toMatchObject(met)
  expect(await wait(home, id, ...condition)).toEqual(met)
})

test.each(['--idle', '--stable'])('wait %s returns, begun while the program prints and after', async (option) => {
  await using home = createHome()
  const id = await start(home)
  await tell(home, id, 'while [ ! -e stop ]; do n=$((n+1)); echo $n; sleep 0.01; done')
  // Each number is on the screen for a moment only.
  expect(await wait(home, id, '--regex', '^[0-9]{2,}$')).toEqual(met)
  expect(await wait(home, id, option, '2000', '--timeout', '300')).toMatchObject({exitCode: 11})
  const before = await beginWait(home, id, option, '300')
  await home.holdfast(['run', '--', 'touch stop'])
  expect(await before.ended).toMatchObject(met)
  expect(await wait(home, id, option, '300')).toEqual(met)
})

test('stable is met by a program that prints the same screen again and again; idle is not', async () => {
  await using home = createHome()
  const id = await start(home)
  await tell(home, id, String.raw`while :; do printf '\r same'; sleep 0.01; done`)
  expect(await wait(home, id, '--text', 'same')).toEqual(met)
  expect(await wait(home, id, '--stable', '300')).toEqual(met)
  expect(await wait(home, id, '--idle', '2000', '--timeout', '500')).toMatchObject({exitCode: 11})
})

test('wait --after leaves out what was on the screen before the keys', async () => {
  await using home = createHome()
  const id = await start(home)
  const press = async (line: string) => {
    const {stdout} = await home.holdfast(['keys', '--json', id, '--', line, 'Enter'])
    return String((JSON.parse(stdout) as {result: {screen_version: number}}).result.screen_version)
  }
  const quiet = await press('while [ ! -e go ]; do sleep 0.01; done; printf later')
  expect(await wait(home, id, '--text', 'ready')).toEqual(met)
  expect(await wait(home, id, '--text', 'ready', '--after', quiet, '--timeout', '200')).toMatchObject({exitCode: 11})
  const fresh = await beginWait(home, id, '--text', 'ready', '--after', quiet)
  await home.holdfast(['run', '--', 'touch go'])
  expect(await fresh.ended).toMatchObject(met)
  expect(await wait(home, id, '--text', 'later', '--after', quiet)).toEqual(met)
})
