import {setImmediate as turn} from 'node:timers/promises'
import {setFlagsFromString} from 'node:v8'
import {runInNewContext} from 'node:vm'
import {afterEach, expect, test, vi} from 'vitest'
import {createNdjsonDecoder} from '../src/ndjson/ndjson-decoder.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

afterEach(() => void vi.restoreAllMocks())

function decode(chunks: readonly Uint8Array[], options: {maxMessageBytes?: number} = {}): unknown[] {
  const seen: unknown[] = []
  const decoder = createNdjsonDecoder({message: (each) => seen.push(each), noise: (each) => seen.push(each)}, options)
  for (const chunk of chunks) decoder.push(chunk)
  decoder.end()
  return seen
}

const bytes = (text: string) => Buffer.from(text)

/** Every way to cut the bytes into up to three pieces, and into single bytes. */
function* chunkings(all: Buffer): Generator<Buffer[]> {
  for (let a = 0; a <= all.length; a++) {
    for (let b = a; b <= all.length; b++) yield [all.subarray(0, a), all.subarray(a, b), all.subarray(b)]
  }
  yield Array.from(all, (_, at) => all.subarray(at, at + 1))
}

test('gives the same messages and noise for any chunks', () => {
  const sample = bytes('\ufeff{"a":"é👩"}\r\n\n  \nnoise\n[1]\n{"long":"xxxxxxxxxxxxxxx"}\n{"b":"\ufeff"}\n{"half')
  const expected = [
    {a: 'é👩'},
    {kind: 'not-json', bytes: 5},
    {kind: 'not-an-object', bytes: 3},
    {kind: 'line-too-long', bytes: 26},
    {b: '\ufeff'},
    {kind: 'incomplete-line', bytes: 6},
  ]
  let count = 0
  for (const chunks of chunkings(sample)) {
    expect(decode(chunks, {maxMessageBytes: 20})).toEqual(expected)
    count++
  }
  expect(count).toBeGreaterThan(2000)
})

test('delivers a last line without a line break if it is complete', () => {
  expect(decode([bytes('{"a":1}\n{"b":2}')])).toEqual([{a: 1}, {b: 2}])
})

test('delivers a line of exactly the limit, reports one with one byte more as noise, and reads on', () => {
  const line = '{"text":"é"}'
  const limit = Buffer.byteLength(line)
  expect(decode([bytes(`${line}\n`)], {maxMessageBytes: limit})).toEqual([{text: 'é'}])
  expect(decode([bytes(`${line} \n{}\n`)], {maxMessageBytes: limit})).toEqual([
    {kind: 'line-too-long', bytes: limit + 1},
    {},
  ])
})

test('reports JSON other than objects as noise', () => {
  for (const text of ['1', '"text"', 'null', 'true', '[{}]']) {
    expect(decode([bytes(`${text}\n`)])).toEqual([{kind: 'not-an-object', bytes: text.length}])
  }
})

test('decodes invalid UTF-8 as U+FFFD', () => {
  expect(decode([Buffer.concat([bytes('{"a":"x'), Buffer.from([0xff]), bytes('y"}\n')])])).toEqual([{a: 'x\ufffdy'}])
})

test('accepts a byte order mark only at the start of the stream', () => {
  expect(decode([bytes('\ufeff{}\n\ufeff{}\n')])).toEqual([{}, {kind: 'not-json', bytes: 5}])
})

test('a line without an end takes no memory beyond the limit', async () => {
  const seen: unknown[] = []
  const decoder = createNdjsonDecoder(
    {message: (each) => seen.push(each), noise: (each) => seen.push(each)},
    {maxMessageBytes: 1024 * 1024},
  )
  const chunks: WeakRef<ArrayBufferLike>[] = []
  for (let n = 0; n < 64; n++) {
    const chunk = Buffer.alloc(1024 * 1024, 'x')
    chunks.push(new WeakRef(chunk.buffer))
    decoder.push(chunk)
  }
  // A weak reference keeps its target until the next turn.
  await turn()
  collectGarbage()
  expect(chunks.filter((each) => each.deref()).length).toBeLessThanOrEqual(1)
  decoder.push(bytes('\n{"next":true}\n'))
  expect(seen).toEqual([{kind: 'line-too-long', bytes: 64 * 1024 * 1024}, {next: true}])
})

test('searches each byte of a long line once, and copies it less than three times', () => {
  const line = bytes(`{"text":"${'x'.repeat(16 * 1024 * 1024)}"}\n`)
  const chunks: Buffer[] = []
  for (let at = 0; at < line.length; at += 512) chunks.push(line.subarray(at, at + 512))
  let copied = 0
  let searched = 0
  const {copy, indexOf} = Buffer.prototype
  vi.spyOn(Buffer.prototype, 'copy').mockImplementation(function (this: Buffer, ...args) {
    const count = copy.apply(this, args)
    copied += count
    return count
  })
  vi.spyOn(Buffer.prototype, 'indexOf').mockImplementation(function (this: Buffer, ...args) {
    searched += this.length
    return indexOf.apply(this, args)
  })
  const joined = vi.spyOn(Buffer, 'concat')
  expect(decode(chunks)).toHaveLength(1)
  expect(joined).not.toHaveBeenCalled()
  expect(searched).toBeLessThanOrEqual(line.length)
  expect(copied).toBeLessThan(3 * line.length)
  // Shows that the decoder uses the functions that this test counts.
  expect(Math.min(copied, searched)).toBeGreaterThan(0.9 * line.length)
})

test('a line that arrives byte by byte takes no more memory than its bytes', () => {
  const count = 4 * 1024 * 1024
  const message = vi.fn()
  const decoder = createNdjsonDecoder({message})
  const byte = bytes('x')
  decoder.push(bytes('{"text":"'))
  collectGarbage()
  const {heapUsed, arrayBuffers} = process.memoryUsage()
  for (let n = 0; n < count; n++) decoder.push(byte)
  collectGarbage()
  const now = process.memoryUsage()
  expect(now.heapUsed - heapUsed + now.arrayBuffers - arrayBuffers).toBeLessThan(2.5 * count)
  decoder.push(bytes('"}\n'))
  expect((message.mock.calls[0]![0] as {text: string}).text).toHaveLength(count)
})
