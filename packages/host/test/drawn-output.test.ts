import {decodeOutput} from '@holdfast/protocol'
import {afterEach, beforeEach, expect, test, vi} from 'vitest'

import {createDrawnOutput, type Frames} from '../src/output/drawn-output.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const bytes = (text: string) => new TextEncoder().encode(text)
const joined = (batches: readonly Frames[]) => Buffer.concat(batches.flat().map((frame) => decodeOutput(frame)))

function open(maxBytes = Infinity) {
  const batches: Frames[] = []
  const told: (number | 'full')[] = []
  const drawn = createDrawnOutput({
    maxBytes,
    onFrames: (frames) => void batches.push(frames),
    onFull: () => void told.push('full'),
    onElided: (count) => void told.push(count),
    now: () => vi.getMockedSystemTime()!.getTime(),
  })
  return {batches, told, drawn}
}

test('what is drawn at several keys is one batch of frames, each with its time', () => {
  const {batches, drawn} = open()
  drawn.add(bytes('a'))
  vi.advanceTimersByTime(5)
  drawn.add(bytes('b'))
  vi.advanceTimersByTime(400)
  drawn.add(bytes('c'))
  vi.advanceTimersByTime(594)
  expect(batches).toEqual([])
  vi.advanceTimersByTime(1)
  expect(batches).toEqual([
    [
      {ago_ms: 1000, text: 'ab'},
      {ago_ms: 595, text: 'c'},
    ],
  ])
  drawn.end()
  expect(batches).toHaveLength(1)
})

test('however it is split and committed, what is given out is what was added', () => {
  // A fixed sequence: Park and Miller.
  let seed = 7
  const next = (below: number) => (seed = (seed * 48_271) % 0x7fff_ffff) % below
  for (let round = 0; round < 200; round++) {
    const {batches, drawn} = open()
    // Characters of one to four bytes, and bytes that are none.
    const all = Buffer.from(Array.from({length: next(60)}, () => [0x61, 0xc3, 0xa9, 0xf0, 0x9f, 0xa6, 0x80][next(7)]!))
    for (let at = 0, length = 0; at < all.length; at += length) {
      length = 1 + next(5)
      drawn.add(all.subarray(at, at + length))
      vi.advanceTimersByTime(next(600))
      if (next(3) === 0) drawn.commit()
    }
    drawn.end()
    expect(joined(batches)).toEqual(all)
  }
})

test('a large batch does not wait, and a character is not split', () => {
  const {batches, drawn} = open()
  const all = bytes('é'.repeat(40_000))
  drawn.add(all.subarray(0, 65_537))
  expect(batches[0]?.[0]?.text).toBe('é'.repeat(32_768))
  drawn.add(all.subarray(65_537))
  drawn.flush()
  expect(joined(batches).toString()).toBe('é'.repeat(40_000))
})

test('beyond the bound, it is told at once, and counted at the end', () => {
  const {batches, told, drawn} = open(4)
  drawn.add(bytes('abc'))
  drawn.add(bytes('de'))
  expect(joined(batches).toString()).toBe('abcd')
  expect(told).toEqual(['full'])
  drawn.add(bytes('f'))
  drawn.flush()
  expect(told).toEqual(['full'])
  drawn.end()
  expect(told).toEqual(['full', 2])
  expect(joined(batches).toString()).toBe('abcd')
})

test('a paint comes before what is drawn while it is made; where the program leaves the screen first, neither is kept', async () => {
  const {batches, drawn} = open()
  const {promise, resolve} = Promise.withResolvers<Uint8Array>()
  drawn.beginWith(promise)
  drawn.add(bytes('then'))
  drawn.commit()
  expect(batches).toEqual([])
  resolve(bytes('painted, '))
  await promise
  drawn.flush()
  expect(joined(batches).toString()).toBe('painted, then')
  drawn.beginWith(Promise.resolve(bytes('late')))
  drawn.add(bytes('lost'))
  drawn.flush()
  await Promise.resolve()
  drawn.add(bytes(' again'))
  drawn.end()
  expect(joined(batches).toString()).toBe('painted, then again')
})
