import {expect, test} from 'vitest'
import {createMessageEncoder} from '../src/messages/message-encoder.ts'

const ping = {jsonrpc: '2.0', method: 'ping', params: {text: 'é\n'}} as const

test('a message is one line', () => {
  const text = createMessageEncoder().encode(ping)
  expect(text).toBe('{"jsonrpc":"2.0","method":"ping","params":{"text":"é\\n"}}')
})

test('a message over the limit is refused, counted in bytes', () => {
  const text = createMessageEncoder().encode(ping)
  const bytes = Buffer.byteLength(text)
  expect(createMessageEncoder({maxMessageBytes: bytes}).encode(ping)).toBe(text)
  expect(() => createMessageEncoder({maxMessageBytes: bytes - 1}).encode(ping)).toThrow(
    expect.objectContaining({
      code: 'message-too-large',
      message: `Expected a message of at most ${bytes - 1} bytes, got ${bytes}`,
    }),
  )
})

test('what JSON cannot carry is refused', () => {
  const cycle: Record<string, unknown> = {}
  cycle['self'] = cycle
  const throws = {
    toJSON() {
      throw Object.create(null)
    },
  }
  for (const params of [cycle, {n: 1n}, throws]) {
    expect(() => createMessageEncoder().encode({...ping, params})).toThrow(
      expect.objectContaining({code: 'unencodable'}),
    )
  }
})

test('lone surrogates become U+FFFD and are counted; pairs, and what only looks like one, stay', () => {
  const encoder = createMessageEncoder()
  const texts = {'\udc00': '\ud800', pair: '👩🏽‍🚀', looks: '\\ud800', twice: '\ud800\ud800', swapped: '\udc00\ud800'}
  expect(JSON.parse(encoder.encode({...ping, params: texts}))).toEqual({
    ...ping,
    params: {'\ufffd': '\ufffd', pair: '👩🏽‍🚀', looks: '\\ud800', twice: '\ufffd\ufffd', swapped: '\ufffd\ufffd'},
  })
  expect(encoder.replaced).toBe(6)
})
