import {existsSync, writeFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {createHome} from '../support/home.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {until} from '../support/until.ts'

/** A thread of the host reads a flood by then, bytes. */
const floodBytes = 20_000_000

/** Counts the lines 1, 2, 3 … up to the first one that is something else, and returns what is left from there on. */
function readNumbers(output: Buffer): {last: number; rest: string} {
  let [last, from] = [0, 0]
  for (let end = output.indexOf('\n'); end !== -1; end = output.indexOf('\n', from)) {
    if (output.toString('latin1', from, end) !== String(last + 1)) break
    last += 1
    from = end + 1
  }
  return {last, rest: output.toString('latin1', from)}
}

test('a flood arrives whole, and so does what follows it at once', async () => {
  await using home = createHome()
  const {stdoutBytes, stderr, exitCode} = await home.holdfast(['run', '--', 'seq 3000000; printf end; exit 3'])
  expect({stderr, exitCode}).toEqual({stderr: '', exitCode: 3})
  expect(readNumbers(stdoutBytes)).toEqual({last: 3_000_000, rest: 'end'})
})

test('Ctrl-C ends a flood', async () => {
  await using home = createHome()
  const run = home.startHoldfast(['run', '--', 'seq 1000000000'])
  let length = 0
  run.child.stdout.on('data', (data: Buffer) => (length += data.length))
  await until(() => length > floodBytes, {what: 'a flood'})
  run.child.kill('SIGINT')
  const {stdoutBytes, exitCode} = await run.ended
  expect(exitCode).toBe(130)
  // The terminal discards what it has not passed on.
  expect(readNumbers(stdoutBytes).last).toBeGreaterThan(floodBytes / 8)
})

test('what a job prints after a flood is in the session', async () => {
  await using home = createHome()
  const job = '(until [ -e go ]; do sleep 0.01; done; echo behind; touch went) &'
  const {stdoutBytes, exitCode} = await home.holdfast(['run', '--keep', '--', `seq 4000000; ${job}`])
  // Its shell tells the number of the job.
  expect({exitCode, last: readNumbers(stdoutBytes).last}).toEqual({exitCode: 0, last: 4_000_000})
  writeFileSync(`${home.project}/go`, '')
  await until(() => existsSync(`${home.project}/went`), {what: 'the job'})
  const [{id}] = await sessionsOf(home)
  await until(async () => (await home.holdfast(['show', id])).stdout.includes('\nbehind\n'), {what: 'its output'})
})

test('SIGKILL of the host in a flood: what arrived is whole up to there', async () => {
  await using home = createHome()
  const run = home.startHoldfast(['run', '--keep', '--', 'seq 1000000000'])
  let length = 0
  run.child.stdout.on('data', (data: Buffer) => (length += data.length))
  await until(() => length > floodBytes, {what: 'a flood'})
  const host = home.processes().find(({role}) => role === 'host')
  process.kill(host!.pid, 'SIGKILL')
  const {stdoutBytes, exitCode} = await run.ended
  expect(exitCode).toBe(1)
  const {last, rest} = readNumbers(stdoutBytes)
  expect(last).toBeGreaterThan(floodBytes / 8)
  expect(String(last + 1)).toContain(rest)
})
