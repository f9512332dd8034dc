import {execFileSync} from 'node:child_process'
import {createHash} from 'node:crypto'
import {closeSync, openSync, readdirSync, readFileSync} from 'node:fs'
import {setImmediate} from 'node:timers/promises'

import {expect, onTestFinished, test} from 'vitest'

import {startPty} from '../../src/pty/pty.ts'

/** Starts a script on a terminal that changes nothing of what it prints. */
function start(script: string, onData: (data: Uint8Array) => void) {
  const pty = startPty('/bin/sh', ['-c', `stty -opost -echo; ${script}`], {
    cwd: '/',
    env: {PATH: process.env['PATH'] ?? ''},
    size: {cols: 80, rows: 24},
    onData,
  })
  onTestFinished(async () => {
    pty.kill('SIGKILL')
    await pty.closed
    await expect.poll(hasThread, {interval: 5}).toBe(false)
  })
  return pty
}

/** Whether a thread reads a flood. */
function hasThread(): boolean {
  return readdirSync('/proc/self/task').some((id) => {
    try {
      return readFileSync(`/proc/self/task/${id}/comm`, 'utf8') === 'WorkerThread\n'
    } catch {
      return false
    }
  })
}

/** Takes the output of `seq N`, and throws where a number is missing, repeated or in the wrong place. */
function createCounter() {
  let rest = ''
  let last = 0
  return {
    get last() {
      return last
    },
    take(data: Uint8Array) {
      const lines = (rest + Buffer.from(data).toString('latin1')).split('\n')
      rest = lines.pop()!
      for (const line of lines) {
        if (Number(line) !== last + 1) throw new Error(`Expected ${last + 1}, got ${line}`)
        last += 1
      }
    },
  }
}

test('200 MB arrive unchanged, read by a thread', async () => {
  const count = 23_600_000
  const hash = createHash('sha256')
  let length = 0
  let hadThread = false
  const pty = start(`exec seq ${count}`, (data) => {
    hash.update(data)
    length += data.length
    hadThread ||= hasThread()
  })
  expect(await pty.closed).toEqual({exitCode: 0, signal: undefined})
  const expected = execFileSync('/bin/sh', ['-c', `seq ${count} | sha256sum`], {encoding: 'utf8'})
  expect(`${hash.digest('hex')}  -\n`).toBe(expected)
  expect(length).toBeGreaterThan(200_000_000)
  expect(hadThread).toBe(true)
})

test('a program that prints little has no thread, nor one that floods no more', async () => {
  const counter = createCounter()
  let hadThread = false
  const pty = start('seq 3000000; read line; seq 3000001 3000100; exec sleep 1000', (data) => {
    hadThread ||= hasThread()
    counter.take(data)
  })
  await expect.poll(() => counter.last, {interval: 5}).toBe(3_000_000)
  expect(hadThread).toBe(true)
  await expect.poll(hasThread, {interval: 5}).toBe(false)
  pty.write(Buffer.from('\n'))
  await expect.poll(() => counter.last, {interval: 5}).toBe(3_000_100)
  expect(hasThread()).toBe(false)
})

test('a killed program: everything that it printed arrives, and nothing after it', async () => {
  const counter = createCounter()
  const pty = start('exec seq 50000000', (data) => {
    counter.take(data)
    if (hasThread() && counter.last > 3_000_000) pty.kill('SIGKILL')
  })
  expect(await pty.closed).toEqual({exitCode: undefined, signal: 'SIGKILL'})
  const {last} = counter
  await setImmediate()
  expect(counter.last).toBe(last)
})

test('Ctrl-C in a flood', async () => {
  const counter = createCounter()
  let isPressed = false
  const pty = start('exec seq 50000000', (data) => {
    // Ctrl-C discards what the terminal has not passed on.
    if (isPressed) return
    counter.take(data)
    isPressed = hasThread() && counter.last > 3_000_000
    if (isPressed) pty.write(Buffer.from('\x03'))
  })
  expect(await pty.closed).toEqual({exitCode: undefined, signal: 'SIGINT'})
})

test('the event loop turns between two pieces, so that clients are heard', async () => {
  let turn = 0
  let isOver = false
  const turns: number[] = []
  const pty = start('exec seq 5000000', () => {
    if (hasThread()) turns.push(turn)
    const until = performance.now() + 2
    while (performance.now() < until);
  })
  void pty.closed.then(() => (isOver = true))
  for (; !isOver; turn++) await setImmediate()
  expect(turns.length).toBeGreaterThan(100)
  // Some are read while the thread starts.
  expect(new Set(turns).size).toBeGreaterThan(turns.length * 0.9)
})

test('a reader that pauses again and again, by turns for long, gets everything in order', async () => {
  const counter = createCounter()
  let isPaused = false
  let pieces = 0
  const pty = start('exec seq 5000000', (data) => {
    expect(isPaused).toBe(false)
    counter.take(data)
    pieces += 1
    if (pieces % 10 !== 0) return
    isPaused = true
    pty.pause()
    // Longer than a flood may bring nothing: the thread ends meanwhile.
    setTimeout(resume, pieces % 200 === 0 ? 400 : 1)
  })
  const resume = () => {
    isPaused = false
    pty.resume()
  }
  await pty.closed
  expect(counter.last).toBe(5_000_000)
})

test('a process that outlives the program and keeps printing does not delay the end', async () => {
  let isOver = false
  let output = ''
  const pty = start("trap '' HUP; sh -c 'echo pid $$; exec yes' & sleep 1; exit 3", (data) => {
    expect(isOver).toBe(false)
    if (output.length < 1000) output += Buffer.from(data.subarray(0, 1000)).toString()
  })
  expect((await pty.exited).exitCode).toBe(3)
  const [, pid] = /pid (\d+)/.exec(output)!
  process.kill(Number(pid), 'SIGKILL')
  expect(await pty.closed).toEqual({exitCode: 3, signal: undefined})
  isOver = true
  await setImmediate()
})

test('a program that ends before the thread reads: what has its descriptor next is not read', async () => {
  let isOver = false
  const late: string[] = []
  const pty = start('exec head -c 3500000 /dev/zero', (data) => {
    if (isOver) late.push(Buffer.from(data).toString())
  })
  await pty.closed
  isOver = true
  const file = openSync(import.meta.filename, 'r')
  onTestFinished(() => closeSync(file))
  await expect.poll(hasThread, {interval: 5}).toBe(false)
  await setImmediate()
  expect(late).toEqual([])
  expect(readFileSync(file, 'utf8')).toBe(readFileSync(import.meta.filename, 'utf8'))
})
