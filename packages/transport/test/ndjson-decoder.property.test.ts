import * as fc from 'fast-check'
import {expect, test} from 'vitest'
import {createNdjsonDecoder} from '../src/ndjson/ndjson-decoder.ts'

const MAX_MESSAGE_BYTES = 200

function decode(chunks: Iterable<Uint8Array>): unknown[] {
  const seen: unknown[] = []
  const take = (each: unknown) => void seen.push(each)
  const decoder = createNdjsonDecoder({message: take, noise: take}, {maxMessageBytes: MAX_MESSAGE_BYTES})
  for (const chunk of chunks) decoder.push(chunk)
  decoder.end()
  return seen
}

/** Cuts bytes at any places, and overwrites each chunk after its use, as a stream may do. */
function* cut(bytes: Uint8Array, places: readonly number[]): Generator<Uint8Array> {
  const ends = [...places.map((place) => place % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length]
  let start = 0
  for (const end of ends) {
    const chunk = Uint8Array.from(bytes.subarray(start, end))
    yield chunk
    chunk.fill(0)
    start = end
  }
}

const places = fc.array(fc.nat(), {maxLength: 20})
const message = fc.dictionary(fc.string({unit: 'binary'}), fc.jsonValue({stringUnit: 'binary'}), {
  noNullPrototype: true,
})
const line = fc.oneof(
  {weight: 4, arbitrary: message.map((each) => JSON.stringify(each))},
  fc.constantFrom('', ' ', '\r', '[]', 'null', '"text"', '{"cut":', '\ufeff{}', 'x'.repeat(300), '{} '),
  fc.string({unit: 'binary'}).map((text) => text.replaceAll('\n', ' ')),
)

test('delivers any messages in any chunks', () => {
  fc.assert(
    fc.property(fc.array(message), places, (messages, where) => {
      const lines = messages.map((each) => JSON.stringify(each))
      const text = lines.map((each) => `${each}\n`).join('')
      const expected = lines.map((each): unknown => {
        const bytes = Buffer.byteLength(each)
        return bytes > MAX_MESSAGE_BYTES ? {kind: 'line-too-long', bytes} : JSON.parse(each)
      })
      expect(decode(cut(Buffer.from(text), where))).toEqual(expected)
    }),
    {numRuns: 500},
  )
})

test('gives the same messages and noise for any lines in any chunks', () => {
  fc.assert(
    fc.property(fc.array(line), places, (lines, where) => {
      const bytes = Buffer.from(lines.join('\n'))
      expect(decode(cut(bytes, where))).toEqual(decode([bytes]))
    }),
    {numRuns: 500},
  )
})

test('gives the same for any bytes in any chunks, and reads the messages after them', () => {
  fc.assert(
    fc.property(fc.uint8Array({maxLength: 1000}), places, (noise, where) => {
      const bytes = Buffer.concat([noise, Buffer.from('\n{"after":"é"}\n')])
      const seen = decode(cut(bytes, where))
      expect(seen).toEqual(decode([bytes]))
      expect(seen.at(-1)).toEqual({after: 'é'})
    }),
    {numRuns: 500},
  )
})
