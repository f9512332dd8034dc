import {afterEach, describe, expect, test, vi} from 'vitest'

import {RunCompletionCoordinator, type RegisteredRun} from '../../src/index.ts'

afterEach(() => {
  vi.useRealTimers()
})

/** An entry of the log: output as text, a completion as an object. */
type Entry = string | {marker: string; inputRunSeq: number; exitCode?: number}

function start(faults: {output?: () => boolean; runComplete?: () => boolean} = {}) {
  const log: Entry[] = []
  let runs = 0
  const coordinator = new RunCompletionCoordinator({
    async appendOutput(data) {
      if (faults.output?.()) throw new Error('output: disk full')
      const text = Buffer.from(data).toString('latin1')
      const last = log.at(-1)
      if (typeof last === 'string') log[log.length - 1] = last + text
      else log.push(text)
    },
    async appendRunComplete(completion) {
      if (faults.runComplete?.()) throw new Error('run_complete: disk full')
      log.push(completion)
      return 99 + log.filter((entry) => typeof entry !== 'string').length
    },
  })
  const register = (): RegisteredRun & {marker: string; inputRunSeq: number} => {
    const {marker} = coordinator.prepareWaitedRun()
    const inputRunSeq = ++runs
    return {marker, inputRunSeq, ...coordinator.registerWaitedRun({marker, inputRunSeq})}
  }
  const ingest = (text: string) => coordinator.ingestPtyData(Buffer.from(text, 'latin1'))
  return {coordinator, log, register, ingest}
}

/** What the shell prints at the end of a run, with its status. */
const ended = (run: RegisteredRun, exitCode: number) => run.sentinel.replace('\x1b\\', `;${exitCode}\x1b\\`)
const echoed = (run: RegisteredRun) => run.postamble.replace('\n', '\r\n')

describe('the end of a run', () => {
  test('is recorded between the output before and after it, with the status', async () => {
    const {log, register, ingest} = start()
    const run = register()
    const waiting = run.wait(1000)
    await ingest(`before${ended(run, 7)}after`)
    expect(await waiting).toEqual({kind: 'completed', seq: 100, exitCode: 7})
    expect(log).toEqual(['before', {marker: run.marker, inputRunSeq: 1, exitCode: 7}, 'after'])
  })

  test('is found without a status', async () => {
    const {log, register, ingest} = start()
    const run = register()
    await ingest(run.sentinel)
    expect(await run.wait(1000)).toEqual({kind: 'completed', seq: 100})
    expect(log).toEqual([{marker: run.marker, inputRunSeq: 1}])
  })

  test('is found however its bytes are cut, and they are no output', async () => {
    for (const length of [1, 2, 3, 10, 17, 19]) {
      const {log, register, ingest} = start()
      const run = register()
      const text = `$ ${echoed(run)}before${ended(run, 130)}after`
      for (let at = 0; at < text.length; at += length) await ingest(text.slice(at, at + length))
      expect(log).toEqual(['$ before', {marker: run.marker, inputRunSeq: 1, exitCode: 130}, 'after'])
    }
  })

  test('belongs to its own run, in the order of the sentinels', async () => {
    const {log, register, ingest} = start()
    const [first, second] = [register(), register()]
    await ingest(`${ended(second, 2)}between${ended(first, 1)}`)
    expect(await first.wait(1000)).toMatchObject({kind: 'completed', exitCode: 1})
    expect(await second.wait(1000)).toMatchObject({kind: 'completed', exitCode: 2})
    expect(log).toMatchObject([{marker: second.marker}, 'between', {marker: first.marker}])
  })

  test('is recorded once: the same bytes again are output', async () => {
    for (const isOneChunk of [true, false]) {
      const {log, register, ingest} = start()
      const run = register()
      const other = register()
      if (isOneChunk) await ingest(run.sentinel + run.sentinel + other.sentinel)
      else for (const text of [run.sentinel, run.sentinel, other.sentinel]) await ingest(text)
      expect(log).toMatchObject([{marker: run.marker}, run.sentinel, {marker: other.marker}])
    }
  })

  test('keeps its place although the caller does not await the ingestion', async () => {
    const {log, register, ingest} = start()
    const run = register()
    await Promise.all(['a', 'b', `c${run.sentinel}d`, 'e'].map(ingest))
    expect(log).toEqual(['abc', {marker: run.marker, inputRunSeq: 1}, 'de'])
  })
})

describe('a wait', () => {
  test('that times out only stops waiting: the end is still recorded, and a second wait gets it', async () => {
    vi.useFakeTimers()
    const {log, register, ingest} = start()
    const run = register()
    const waiting = run.wait(5)
    await vi.advanceTimersByTimeAsync(5)
    expect(await waiting).toEqual({kind: 'timeout'})
    const again = run.wait(1000)
    await ingest(`late${ended(run, 0)}after`)
    expect(log).toEqual(['late', {marker: run.marker, inputRunSeq: 1, exitCode: 0}, 'after'])
    expect(await again).toEqual({kind: 'completed', seq: 100, exitCode: 0})
    expect(vi.getTimerCount()).toBe(0)
  })

  test('that is aborted only stops waiting', async () => {
    vi.useFakeTimers()
    const {log, register, ingest} = start()
    const run = register()
    const abort = new AbortController()
    const waiting = run.wait(1000, {signal: abort.signal})
    abort.abort(new Error('the caller left'))
    await expect(waiting).rejects.toThrow('the caller left')
    expect(vi.getTimerCount()).toBe(0)
    await expect(run.wait(1000, {signal: abort.signal})).rejects.toThrow('the caller left')
    await ingest(`before${run.sentinel}after`)
    expect(log).toMatchObject(['before', {marker: run.marker}, 'after'])
  })

  test('leaves no timer behind, however it ends', async () => {
    vi.useFakeTimers()
    const {coordinator, register, ingest} = start()
    const [completed, gone] = [register(), register()]
    const waiting = [completed.wait(1000), gone.wait(1000)]
    await ingest(completed.sentinel)
    coordinator.resetForExit()
    expect(await Promise.all(waiting)).toEqual([{kind: 'completed', seq: 100}, {kind: 'exited'}])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('rejects a timeout of 0', async () => {
    const {register} = start()
    await expect(register().wait(0)).rejects.toThrow('Expected `timeoutMs` to be a positive number, got `0`')
  })
})

describe('the echo of a postamble', () => {
  test('is removed every time', async () => {
    const {log, register, ingest} = start()
    const run = register()
    await ingest(`make\r\n${echoed(run)}output\r\n$ ${echoed(run)}${ended(run, 0)}$ `)
    expect(log).toMatchObject(['make\r\noutput\r\n$ ', {marker: run.marker}, '$ '])
  })

  test('is removed where a line editor wraps or redraws it', async () => {
    for (const control of ['\r', ' \r', '\x1b[K', '\x1b[A\x1b[2K', '\x1b[?25D']) {
      for (const at of [5, 23, 34, 45, 60]) {
        const {log, register, ingest} = start()
        const run = register()
        const text = echoed(run)
        for (const character of `$ ${text.slice(0, at)}${control}${text.slice(at)}hi`) await ingest(character)
        await ingest(ended(run, 0))
        expect(log).toMatchObject(['$ hi', {marker: run.marker}])
      }
    }
  })

  test('is removed where program output interrupts it', async () => {
    for (const at of [6, 10, 20, 25, 30, 33, 40, 45, 50]) {
      const {log, register, ingest} = start()
      const run = register()
      const text = echoed(run)
      for (const part of ['a', text.slice(0, at), '\x1b[31mred\r\n', 'more', text.slice(at), 'b']) await ingest(part)
      await ingest(ended(run, 0))
      expect(log).toMatchObject(['a\x1b[31mred\r\nmoreb', {marker: run.marker}])
    }
  })

  test('is not removed where only its beginning is printed, which is withheld for 512 bytes at most', async () => {
    const {coordinator, log, register, ingest} = start()
    const run = register()
    await coordinator.releaseEcho()
    const begin = run.postamble.slice(0, 20)
    await ingest(`${begin}?`)
    await ingest('x'.repeat(512))
    expect(log).toEqual([`${begin}?${'x'.repeat(512)}`])
    await ingest(`${begin}!${ended(run, 0)}`)
    expect(log).toMatchObject([`${begin}?${'x'.repeat(512)}${begin}!`, {marker: run.marker}])
  })

  test('needs the secret of the session and the token of an active run', async () => {
    const {log, register, ingest} = start()
    const stranger = start().register()
    const over = register()
    await ingest(over.sentinel)
    const run = register()
    const imitations = [
      echoed(over),
      echoed(stranger),
      ended(over, 0),
      ended(stranger, 0),
      run.postamble.slice(0, 30),
      '\\eval "printf \'\\033\\137\x1b[1m bold',
      run.sentinel.slice(0, -1),
      `${run.sentinel.slice(0, -2)};1234\x1b\\`,
      '\x1b_\x1b\\\\ev',
    ].join('|')
    await ingest(`${imitations}${ended(run, 0)}`)
    expect(log.slice(1)).toMatchObject([imitations, {marker: run.marker}])
  })

  test('preserves the exit status, and does not look like the sentinel', () => {
    const {postamble, sentinel} = start().register()
    expect(postamble).toMatch(/^\\eval "printf '.*' \$\?;\(exit \$\?\)"\n$/)
    expect(postamble).not.toContain(sentinel.slice(0, 2))
    expect(postamble.length).toBeLessThan(72)
  })
})

describe('the end of the terminal', () => {
  test('appends the withheld bytes, then ends all waits; it completes no run', async () => {
    for (const part of [
      (run: RegisteredRun) => run.sentinel.slice(0, 9),
      (run: RegisteredRun) => run.postamble.slice(0, 50),
    ]) {
      const {coordinator, log, register, ingest} = start()
      const run = register()
      const waiting = run.wait(1000)
      await ingest(`x${part(run)}`)
      expect(log).toEqual(['x'])
      await coordinator.flushPtyDataOnExit()
      expect(log).toEqual([`x${part(run)}`])
      coordinator.resetForExit()
      expect(await waiting).toEqual({kind: 'exited'})
      expect(await run.wait(1000)).toEqual({kind: 'exited'})
    }
  })

  test('twice is harmless', async () => {
    const {coordinator, log, register, ingest} = start()
    const run = register()
    await ingest('\x1b_')
    for (let time = 0; time < 2; time++) {
      await coordinator.flushPtyDataOnExit()
      coordinator.resetForExit()
    }
    expect(log).toEqual(['\x1b_'])
    expect(await run.wait(1000)).toEqual({kind: 'exited'})
  })

  test('ends all waits although the output could not be appended', async () => {
    const {coordinator, register, ingest} = start({output: () => true})
    const run = register()
    await ingest('\x1b')
    await expect(coordinator.flushPtyDataOnExit()).rejects.toThrow('output: disk full')
    coordinator.resetForExit()
    expect(await run.wait(1000)).toEqual({kind: 'exited'})
  })
})

describe('an append that fails', () => {
  test('rejects the ingestion and the waits for the end', async () => {
    const {register, ingest, log} = start({runComplete: () => true})
    const run = register()
    const waiting = run.wait(1000)
    const refused = expect(waiting).rejects.toThrow('run_complete: disk full')
    await expect(ingest(`a${run.sentinel}b`)).rejects.toThrow('run_complete: disk full')
    await refused
    expect(log).toEqual(['ab'])
  })

  test('rejects the ingestion after a timeout', async () => {
    vi.useFakeTimers()
    const {register, ingest} = start({runComplete: () => true})
    const run = register()
    const waiting = run.wait(5)
    await vi.advanceTimersByTimeAsync(5)
    await waiting
    await expect(ingest(run.sentinel)).rejects.toThrow('run_complete: disk full')
    await expect(run.wait(5)).rejects.toThrow('run_complete: disk full')
  })

  test('rejects the waits for the end if it failed for the last output before the end', async () => {
    let isFull = false
    const {register, ingest} = start({output: () => isFull})
    const run = register()
    await ingest(run.postamble.slice(0, 40))
    isFull = true
    await expect(ingest(run.sentinel)).rejects.toThrow('output: disk full')
    await expect(run.wait(1000)).rejects.toThrow('output: disk full')
  })

  test('for other output rejects the ingestion only: the run may still complete', async () => {
    let isFull = true
    const {register, ingest} = start({output: () => isFull})
    const run = register()
    await expect(ingest('visible')).rejects.toThrow('output: disk full')
    isFull = false
    await ingest(run.sentinel)
    expect(await run.wait(1000)).toMatchObject({kind: 'completed'})
  })
})

describe('registering', () => {
  test('rejects a malformed marker or seq, and a marker that is active', () => {
    const {coordinator} = start()
    const {marker} = coordinator.prepareWaitedRun()
    expect(marker).toMatch(/^__HF_MARKER_[0-9a-f]{32}__$/)
    expect(() => coordinator.registerWaitedRun({marker: '__HF_MARKER_1__', inputRunSeq: 1})).toThrow(
      'Expected `marker` to be __HF_MARKER_<32 hex digits>__, got `__HF_MARKER_1__`',
    )
    expect(() => coordinator.registerWaitedRun({marker, inputRunSeq: -1})).toThrow(
      'Expected `inputRunSeq` to be an integer of at least 0, got `-1`',
    )
    coordinator.registerWaitedRun({marker, inputRunSeq: 1})
    expect(() => coordinator.registerWaitedRun({marker, inputRunSeq: 2})).toThrow('Expected `marker` to be a new one')
  })

  test('starts the withholding of bytes', async () => {
    const {coordinator, log, ingest} = start()
    coordinator.prepareWaitedRun()
    await ingest('x\x1b')
    expect(log).toEqual(['x\x1b'])
  })
})
