import {existsSync, mkdtempSync, readdirSync, rmSync} from 'node:fs'

import {expect, onTestFinished, test, vi} from 'vitest'

import {startPty} from '../../src/pty/pty.ts'

const SIZE = {cols: 80, rows: 24}

function startSh(script: string, onData: (data: Uint8Array) => void = () => undefined) {
  const pty = startPty('/bin/sh', ['-c', script], {
    cwd: '/',
    env: {PATH: process.env['PATH'] ?? ''},
    size: SIZE,
    onData,
  })
  onTestFinished(async () => {
    pty.kill('SIGKILL')
    await pty.closed
  })
  return pty
}

test('no byte is lost at the exit, and the status is right, a hundred times', async () => {
  for (let round = 0; round < 100; round++) {
    let length = 0
    const pty = startSh("head -c 1000000 /dev/zero | tr '\\0' x; exit 3", (data) => {
      length += data.length
    })
    expect(await pty.closed).toEqual({exitCode: 3, signal: undefined})
    expect(length).toBe(1_000_000)
  }
})

test('no byte is lost when the reader pauses again and again, long after the exit too', async () => {
  let length = 0
  const pty = startSh("head -c 200000 /dev/zero | tr '\\0' x; exit 3", (data) => {
    length += data.length
    pty.pause()
    setTimeout(pty.resume, 2)
  })
  expect(await pty.closed).toEqual({exitCode: 3, signal: undefined})
  expect(length).toBe(200_000)
})

test('no byte is lost with a slow reader', async () => {
  let length = 0
  const pty = startSh("head -c 60000 /dev/zero | tr '\\0' x", (data) => {
    length += data.length
    const until = performance.now() + 20
    while (performance.now() < until);
  })
  await pty.closed
  expect(length).toBe(60_000)
})

test('a flood is delivered in large pieces', async () => {
  const pieces: number[] = []
  const pty = startSh("head -c 1000000 /dev/zero | tr '\\0' x", (data) => {
    pieces.push(data.length)
    // The terminal fills meanwhile, even on a busy machine.
    const until = performance.now() + 5
    while (performance.now() < until);
  })
  await pty.closed
  expect(pieces.reduce((sum, length) => sum + length)).toBe(1_000_000)
  // One read of a terminal returns at most 4095 bytes.
  expect(pieces.length).toBeLessThan(1_000_000 / 4095 / 2)
})

test('a frame is delivered at once: it waits for nothing that may follow', async () => {
  vi.useFakeTimers({toFake: ['setTimeout']})
  const arrived = Promise.withResolvers<void>()
  let length = 0
  startSh("head -c 1500 /dev/zero | tr '\\0' x; exec sleep 1000", (data) => {
    length += data.length
    if (length === 1500) arrived.resolve()
  })
  // Before the shell above is ended.
  onTestFinished(() => void vi.useRealTimers())
  await arrived.promise
})

test('output that looks like the beginning of a flood is delivered without more', async () => {
  let length = 0
  const {promise: all, resolve} = Promise.withResolvers<void>()
  const pty = startSh("head -c 4095 /dev/zero | tr '\\0' x; exec sleep 300", (data) => {
    length += data.length
    if (length === 4095) resolve()
  })
  await all
  pty.kill('SIGKILL')
})

test('a reader paused at once gets nothing until it resumes, and then everything', async () => {
  const folder = mkdtempSync('/tmp/hf-pty-')
  onTestFinished(() => rmSync(folder, {recursive: true}))
  let length = 0
  let isPaused = true
  const pty = startSh(`echo begun; : > ${folder}/begun; head -c 300000 /dev/zero | tr '\\0' x`, (data) => {
    expect(isPaused).toBe(false)
    length += data.length
  })
  pty.pause()
  await expect.poll(() => existsSync(`${folder}/begun`), {interval: 5}).toBe(true)
  isPaused = false
  pty.resume()
  expect(length).toBe(0)
  await pty.closed
  expect(length).toBe('begun\r\n'.length + 300_000)
})

test('bytes read before a pause are delivered after it, before later output', async () => {
  let output = ''
  let isPaused = false
  const pty = startSh('for i in $(seq 30000); do echo $i; done', (data) => {
    expect(isPaused).toBe(false)
    output += Buffer.from(data).toString()
  })
  const pausing = setInterval(() => {
    isPaused = !isPaused
    if (isPaused) pty.pause()
    else pty.resume()
  }, 1)
  onTestFinished(() => clearInterval(pausing))
  await expect.poll(() => output.endsWith('30000\r\n'), {interval: 5}).toBe(true)
  clearInterval(pausing)
  pty.resume()
  await pty.closed
  expect(output.split('\r\n').slice(0, -1).map(Number)).toEqual(Array.from({length: 30_000}, (_, at) => at + 1))
})

test('a process that keeps the terminal open does not delay the end, even after a pause', async () => {
  let output = ''
  const pty = startSh("trap '' HUP; setsid sleep 300 & echo $!; exit 3", (data) => {
    output += Buffer.from(data).toString()
    pty.pause()
  })
  // Output may arrive after the exit; output after `resume` would pause it again.
  await expect.poll(() => output !== '' && !existsSync(`/proc/${pty.pid}`), {interval: 5}).toBe(true)
  pty.resume()
  expect(await pty.closed).toEqual({exitCode: 3, signal: undefined})
  process.kill(Number.parseInt(output), 'SIGKILL')
})

test('writing does not block on a program that does not read', async () => {
  const pty = startSh('stty raw -echo; echo ready; exec sleep 300', () => {
    pty.write(Buffer.alloc(1_000_000))
    expect(pty.waitingBytes).toBeGreaterThan(500_000)
    pty.discard()
    expect(pty.waitingBytes).toBe(0)
    pty.kill('SIGTERM')
  })
  expect(await pty.closed).toEqual({exitCode: undefined, signal: 'SIGTERM'})
})

test('a program that reads slowly gets everything written', async () => {
  let output = ''
  const pty = startSh('stty raw -echo; echo ready; head -c 300000 | cksum; exit', (data) => {
    if (output === '') pty.write(Buffer.alloc(300_000, 'x'))
    output += Buffer.from(data).toString()
  })
  await pty.closed
  expect(output).toMatch(/ 300000\s*$/)
})

test('after the end, its methods do nothing', async () => {
  const pty = startSh('exit')
  await pty.closed
  pty.write(Buffer.from('x'))
  pty.resize({cols: 10, rows: 10})
  expect(pty.waitingBytes).toBe(0)
  expect(pty.kill('SIGKILL')).toBe(false)
})

test('a thousand terminals, opened and closed, leave nothing open', async () => {
  const open = () => readdirSync('/proc/self/fd').length
  await startSh('exit').closed
  const before = open()
  for (let round = 0; round < 1000; round += 10) {
    await Promise.all(
      Array.from(
        {length: 10},
        () => startPty('/bin/true', [], {cwd: '/', env: {}, size: SIZE, onData: () => undefined}).closed,
      ),
    )
  }
  expect(open()).toBe(before)
})
