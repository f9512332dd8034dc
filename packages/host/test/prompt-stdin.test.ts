import {stdinGoneMs, stdinWaitMs} from '@holdfast/protocol'
import type {CommandStdin} from '@holdfast/shell'
import {afterEach, beforeEach, expect, test, vi} from 'vitest'

import {createPromptStdin} from '../src/session/prompt-stdin.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A pipe that a test empties. */
function openPipe() {
  let progress = Promise.withResolvers<void>()
  const pipe = {
    path: '',
    text: '',
    waitingBytes: 0,
    isGone: false,
    hasEnded: false,
    write(data: Uint8Array) {
      pipe.text += Buffer.from(data).toString()
      pipe.waitingBytes += data.length
    },
    drained: () => progress.promise,
    end: () => void (pipe.hasEnded = true),
    close() {},
    empty() {
      pipe.waitingBytes = 0
      progress.resolve()
      progress = Promise.withResolvers()
    },
  } satisfies CommandStdin & Record<string, unknown>
  return pipe
}

/** A connection. */
const peer = {}

const part = (offset: number, text: string, isEnd = false) => ({offset, data: Buffer.from(text), isEnd})

test('takes each byte once, whatever a client repeats, and the end after them', async () => {
  const [stdin, pipe] = [createPromptStdin(), openPipe()]
  stdin.begin('p')
  stdin.open(pipe)
  expect(await stdin.take('p', part(0, 'abc'), peer)).toBe(3)
  expect(await stdin.take('p', part(0, 'abc'), peer)).toBe(3)
  expect(await stdin.take('p', part(1, 'bcde'), peer)).toBe(5)
  expect(await stdin.take('p', part(5, '', true), peer)).toBe(5)
  expect(await stdin.take('p', part(5, '', true), peer)).toBe(5)
  expect(pipe).toMatchObject({text: 'abcde', hasEnded: true})
})

test('refuses bytes after a gap, and those for a prompt that is over or reads its terminal', async () => {
  const stdin = createPromptStdin()
  await expect(stdin.take('p', part(0, 'a'), peer)).rejects.toThrow('Prompt p does not run, or reads its terminal')
  stdin.begin('p')
  await expect(stdin.take('p', part(1, 'a'), peer)).rejects.toThrow(
    'Expected the stdin of prompt p from byte 0 on, got byte 1',
  )
  const waiting = expect(stdin.take('p', part(0, 'a'), peer)).rejects.toThrow('does not run')
  stdin.close()
  await waiting
})

test('a client waits while the command does not read, and not for ever', async () => {
  const [stdin, pipe] = [createPromptStdin(), openPipe()]
  stdin.begin('p')
  const early = stdin.take('p', part(0, 'x'.repeat(300_000)), peer)
  stdin.open(pipe)
  expect(await early).toBe(300_000)
  const late = stdin.take('p', part(300_000, 'y'), peer)
  await vi.advanceTimersByTimeAsync(stdinWaitMs)
  expect(await late).toBe(300_000)
  const again = stdin.take('p', part(300_000, 'y'), peer)
  pipe.empty()
  expect(await again).toBe(300_001)
})

test('the stdin ends a minute after its client is gone, or where no client has come', async () => {
  const [stdin, pipe] = [createPromptStdin(), openPipe()]
  stdin.begin('p')
  stdin.open(pipe)
  await stdin.take('p', part(0, 'a'), peer)
  await vi.advanceTimersByTimeAsync(2 * stdinGoneMs)
  expect(pipe.hasEnded).toBe(false)
  stdin.noteGone('p', peer)
  await vi.advanceTimersByTimeAsync(stdinGoneMs - 1)
  await stdin.take('p', part(1, 'b'), peer)
  await vi.advanceTimersByTimeAsync(2 * stdinGoneMs)
  expect(pipe.hasEnded).toBe(false)
  stdin.noteGone('p', peer)
  await vi.advanceTimersByTimeAsync(stdinGoneMs)
  expect(pipe).toMatchObject({text: 'ab', hasEnded: true})
  stdin.close()

  const unfed = openPipe()
  stdin.begin('q')
  await vi.advanceTimersByTimeAsync(stdinGoneMs)
  stdin.open(unfed)
  expect(unfed.hasEnded).toBe(true)
})

test('a stdin that ended without a word of its client is cut, and bytes for it are refused', async () => {
  const [stdin, pipe] = [createPromptStdin(), openPipe()]
  stdin.begin('p')
  stdin.open(pipe)
  await stdin.take('p', part(0, 'ab'), peer)
  stdin.noteGone('p', peer)
  await vi.advanceTimersByTimeAsync(stdinGoneMs)
  await expect(stdin.take('p', part(2, 'c'), peer)).rejects.toThrow('The stdin of prompt p has ended')
  expect(await stdin.take('p', part(0, 'ab'), peer)).toBe(2)
  expect(stdin.close()).toEqual({isCut: true})
})

test('a stdin is not cut if its client ended it, at last, or the command reads no more', async () => {
  const [stdin, pipe] = [createPromptStdin(), openPipe()]
  const loseClient = async () => {
    stdin.noteGone('p', peer)
    await vi.advanceTimersByTimeAsync(stdinGoneMs)
  }
  const begin = async () => {
    stdin.begin('p')
    stdin.open(pipe)
    await stdin.take('p', part(0, 'a'), peer)
  }
  await begin()
  await stdin.take('p', part(1, '', true), peer)
  await loseClient()
  expect(stdin.close()).toEqual({isCut: false})
  await begin()
  await loseClient()
  await stdin.take('p', part(1, '', true), peer)
  expect(stdin.close()).toEqual({isCut: false})
  await begin()
  Object.assign(pipe, {isGone: true})
  await loseClient()
  expect(stdin.close()).toEqual({isCut: false})
})

test('the late end of an old connection does not end what a new one brings', async () => {
  const [stdin, pipe] = [createPromptStdin(), openPipe()]
  stdin.begin('p')
  stdin.open(pipe)
  await stdin.take('p', part(0, 'a'), peer)
  await stdin.take('p', part(1, 'b'), {})
  stdin.noteGone('p', peer)
  await vi.advanceTimersByTimeAsync(2 * stdinGoneMs)
  expect(pipe.hasEnded).toBe(false)
})

test('the stdin of a client that goes while its bytes wait ends, too', async () => {
  const [stdin, pipe] = [createPromptStdin(), openPipe()]
  stdin.begin('p')
  stdin.open(pipe)
  await stdin.take('p', part(0, 'x'.repeat(300_000)), peer)
  const waiting = stdin.take('p', part(300_000, 'y'), peer)
  stdin.noteGone('p', peer)
  pipe.empty()
  await waiting
  await vi.advanceTimersByTimeAsync(stdinGoneMs)
  expect(pipe.hasEnded).toBe(true)
})
