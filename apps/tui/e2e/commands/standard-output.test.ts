import {spawnSync} from 'node:child_process'
import {once} from 'node:events'
import {closeSync, existsSync, openSync} from 'node:fs'
import {constants} from 'node:os'

import {expect, test} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import {cli, createHome, type Home, type RunningHoldfast} from '../support/home.ts'
import {peakMemory} from '../support/processes.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {until} from '../support/until.ts'

const megabyte = 1024 * 1024
const lineLength = '00000000000001\n'.length

test('run and show --follow need little memory for a slow reader, and print everything when it reads', async () => {
  await using home = createHome()
  const lineCount = 2_000_000
  const run = await startStalled(home, lineCount)
  const [{id}] = await sessionsOf(home)
  const show = home.startHoldfast(['show', id, '--follow'])
  await until(() => show.stdout !== '', {what: 'the output of show'})
  show.child.stdout.pause()
  await until(() => existsSync(`${home.project}/flooded`), {what: 'the end of the flood', timeoutMs: 40_000})
  await until(async () => (await sessionsOf(home))[0].state === 'closed', {what: 'the end of the command'})
  for (const {child} of [run, show]) expect(peakMemory(child.pid!)).toBeLessThan(150 * megabyte)

  for (const {child} of [run, show]) child.stdout.resume()
  const {stdoutBytes, stderr, exitCode} = await run.ended
  expect({stderr, exitCode}).toEqual({stderr: '', exitCode: 0})
  expectLines(stdoutBytes, lineCount)
  await home.holdfast(['close', id])
  const shown = (await show.ended).stdoutBytes
  const start = shown.indexOf(lineOf(1))
  expectLines(shown.subarray(start, start + lineCount * lineLength), lineCount)
})

interface Stall {
  name: string
  status: number
  signal?: NodeJS.Signals
  options?: string[]
  /** When the signal comes. @default while the command runs */
  after?: 'the end of the command' | 'the line on stderr'
}

const timeout = ['--timeout', '3000']
const stalls: Stall[] = [
  {name: 'SIGTERM', status: 143, signal: 'SIGTERM'},
  {name: '--timeout', status: 124, options: timeout},
  {name: 'a signal after --timeout', status: 143, options: timeout, signal: 'SIGTERM', after: 'the line on stderr'},
  {name: 'Ctrl-C, once its command has ended,', status: 130, signal: 'SIGINT', after: 'the end of the command'},
]

test.for(stalls)('$name ends a run whose reader does not read', async ({status, signal, options, after}) => {
  await using home = createHome()
  const last = after === 'the end of the command' ? 'true' : 'sleep 600'
  const run = await startStalled(home, 400_000, {options, last})
  const ended = once(run.child, 'exit')
  const said = once(run.child.stderr, 'data')
  // After it, only a second is left; on a busy machine the flood may take longer than the run may.
  if (after === 'the line on stderr') await said
  else await until(() => existsSync(`${home.project}/flooded`), {what: 'the end of the flood', timeoutMs: 40_000})
  if (last === 'true') await until(async () => (await sessionsOf(home))[0].state === 'closed', {what: 'the end'})
  if (signal !== undefined) run.child.kill(signal)
  expect(await ended).toEqual([status, null])
  run.child.stdout.destroy()
})

const {SIGPIPE} = constants.signals

test.for([
  [['ls']],
  [['ls', '--json']],
  [['show', 'ID']],
  [['show', 'ID', '--follow']],
  [['run', '--', 'echo hello']],
  [['run', '--no-wait', '--', 'echo hello']],
])('a reader that is gone ends holdfast %j quietly, as SIGPIPE would', async ([args]) => {
  await using home = createHome()
  await home.holdfast(['run', '--keep', '--', 'echo hello'])
  const [{id}] = await sessionsOf(home)
  const {stderr, exitCode} = await intoNobody(
    home,
    args!.map((arg) => arg.replace('ID', id)),
  )
  expect({stderr, exitCode}).toEqual({stderr: '', exitCode: 128 + SIGPIPE})
})

test.for([
  [['ls'], 7],
  [['show', 'ID'], 7],
  [['run', '--', 'echo hello'], 1],
  [['run', '--no-wait', '--', 'echo hello'], 1],
] as const)('a full disk is one line on stderr and a status of its own: holdfast %j, %i', async ([args, expected]) => {
  await using home = createHome()
  await home.holdfast(['run', '--', 'echo hello'])
  const [{id}] = await sessionsOf(home)
  const full = openSync(need('/dev/full'), 'w')
  const {status, stderr} = spawnSync(process.execPath, [cli, ...args.map((arg) => arg.replace('ID', id))], {
    cwd: home.project,
    env: home.env,
    encoding: 'utf8',
    stdio: ['ignore', full, 'pipe'],
  })
  closeSync(full)
  expect(status).toBe(expected)
  expect(stderr).toMatch(/^holdfast: writing to stdout failed: [^\n]*ENOSPC[^\n]*\n$/)
})

/** Starts a run that prints numbered lines; its stdout is not read after the first one. */
async function startStalled(
  home: Home,
  lineCount: number,
  {options = [], last = 'true'}: {options?: readonly string[] | undefined; last?: string} = {},
): Promise<RunningHoldfast> {
  const command = `seq -f %014.0f ${lineCount}; touch flooded; ${last}`
  const run = home.startHoldfast(['run', ...options, '--', command])
  await until(() => run.stdout !== '', {what: 'the first line'})
  run.child.stdout.pause()
  return run
}

function lineOf(number: number): string {
  return `${String(number).padStart(lineLength - 1, '0')}\n`
}

/** Expects each line once and in order; checks a sample. */
function expectLines(bytes: Buffer, count: number): void {
  expect(bytes.length).toBe(count * lineLength)
  for (let number = 1; number <= count; number += 997) {
    const at = (number - 1) * lineLength
    expect(bytes.subarray(at, at + lineLength).toString()).toBe(lineOf(number))
  }
}

/** Runs the command with a stdout whose reader is gone. */
async function intoNobody(home: Home, args: readonly string[]): Promise<{stderr: string; exitCode: number | null}> {
  const run = home.startHoldfast(args)
  run.child.stdout.destroy()
  const {stderr, exitCode} = await run.ended
  return {stderr, exitCode}
}
