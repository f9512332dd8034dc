import type {Output} from '@holdfast/protocol'
import {afterEach, beforeEach, expect, test, vi} from 'vitest'

import {createOutputBatch} from '../src/output/output-batch.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const bytes = (text: string) => new TextEncoder().encode(text)

function open(options: {delayMs?: number; isFirstAtOnce?: boolean; maxBytes?: number} = {}) {
  const batches: Output[] = []
  return {batches, batch: createOutputBatch({...options, onBatch: (output) => batches.push(output)})}
}

test('chunks are batched for a few milliseconds after the first byte', () => {
  const {batches, batch} = open({delayMs: 5})
  batch.add(bytes('a'))
  vi.advanceTimersByTime(3)
  batch.add(bytes('b'))
  expect(batches).toEqual([])
  vi.advanceTimersByTime(2)
  expect(batches).toEqual([{text: 'ab'}])
})

test('what comes after a pause is given out at once, and what follows it is batched', () => {
  const {batches, batch} = open({delayMs: 5, isFirstAtOnce: true})
  batch.add(bytes('a'))
  expect(batches).toEqual([{text: 'a'}])
  batch.add(bytes('b'))
  vi.advanceTimersByTime(4)
  batch.add(bytes('c'))
  expect(batches).toHaveLength(1)
  vi.advanceTimersByTime(1)
  expect(batches).toEqual([{text: 'a'}, {text: 'bc'}])
  batch.add(bytes('d'))
  expect(batches).toHaveLength(2)
  vi.advanceTimersByTime(10)
  batch.add(bytes('e'))
  expect(batches.slice(2)).toEqual([{text: 'd'}, {text: 'e'}])
})

test('a full batch is given out at once', () => {
  const {batches, batch} = open({maxBytes: 4})
  batch.add(bytes('abcd'))
  expect(batches).toEqual([{text: 'abcd'}])
})

test('a character at the end of a batch moves to the next batch as a whole', () => {
  const {batches, batch} = open({maxBytes: 2})
  const [first = 0, second = 0] = bytes('é')
  batch.add(Uint8Array.of(97, first))
  batch.add(Uint8Array.of(second, 98))
  expect(batches).toEqual([{text: 'a'}, {text: 'éb'}])
})

test('a flush gives out everything that is left', () => {
  const {batches, batch} = open()
  batch.add(Uint8Array.of(0xc3))
  batch.flush()
  expect(batches).toEqual([{base64: 'ww=='}])
  vi.advanceTimersByTime(100)
  expect(batches).toHaveLength(1)
})
