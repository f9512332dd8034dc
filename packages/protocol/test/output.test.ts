import {expect, test} from 'vitest'

import {createOutputEncoder, decodeOutput, encodeOutput, outputText, type Output} from '../src/index.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

function encodeInChunks(data: Uint8Array, size: number): Output[] {
  const encoder = createOutputEncoder()
  const outputs: (Output | undefined)[] = []
  for (let at = 0; at < data.length; at += size) outputs.push(encoder.encode(data.subarray(at, at + size)))
  outputs.push(encoder.flush())
  return outputs.filter((output) => output !== undefined)
}

const samples: Record<string, Uint8Array> = {
  'plain text': bytes('hello\r\n'),
  'two, three and four byte characters': bytes('é → \u{1f980} 汉字 \ufeff\0'),
  'every byte value': Uint8Array.from({length: 256}, (_, index) => index),
  'a broken character in good text': Uint8Array.of(...bytes('good '), 0xe2, 0x82, ...bytes(' text')),
  'an unfinished character at the end': Uint8Array.of(...bytes('end '), 0xf0, 0x9f, 0xa6),
  'bytes that begin no code point': Uint8Array.of(0xff, 0xfe, 0xc0, 0x80, 0xf5),
}

for (const [name, data] of Object.entries(samples)) {
  test(`${name}: chunks of any size decode to the same bytes`, () => {
    for (let size = 1; size <= data.length; size++) {
      const joined = Buffer.concat(encodeInChunks(data, size).map(decodeOutput))
      expect(joined.equals(data), `chunks of ${size}`).toBe(true)
    }
  })
}

test('valid UTF-8 stays text in chunks of any size, and no code point is split', () => {
  const data = bytes('é → \u{1f980} 汉字')
  for (let size = 1; size <= data.length; size++) {
    const outputs = encodeInChunks(data, size)
    expect(outputs.map((output) => ('text' in output ? output.text : undefined)).join('')).toBe('é → \u{1f980} 汉字')
    for (const output of outputs) expect(output).not.toHaveProperty('text', expect.stringMatching(/\ufffd/))
  }
})

test('bytes that are not UTF-8 become base64', () => {
  expect(encodeOutput(Uint8Array.of(0xff, 0x00))).toEqual({base64: '/wA='})
})

test('as text, bytes that are not UTF-8 are U+FFFD', () => {
  expect(outputText({text: 'é'})).toBe('é')
  expect(outputText({base64: '/2E='})).toBe('\ufffda')
  expect(outputText({})).toBe('')
})

test('an empty array makes no output', () => {
  expect(encodeOutput(new Uint8Array(0))).toBeUndefined()
  expect(createOutputEncoder().flush()).toBeUndefined()
})

test('a large binary chunk survives', () => {
  const data = Uint8Array.from({length: 100_000}, (_, index) => index % 256)
  const output = encodeOutput(data)
  expect(output).toHaveProperty('base64')
  expect(Buffer.from(decodeOutput(output ?? {text: ''})).equals(data)).toBe(true)
})
