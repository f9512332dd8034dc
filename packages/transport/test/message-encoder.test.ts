import {expect, test} from 'vitest'
import {createMessageEncoder} from '../src/messages/message-encoder.ts'

const ping = {jsonrpc: '2.0', method: 'ping', params: {text: 'é\n'}} as const

test('encodes a message on one line', () => {
  const text = createMessageEncoder().encode(ping)
  expect(text).toBe('{"jsonrpc":"2.0","method":"ping","params":{"text":"é\\n"}}')
})

test('throws for a message over the limit, counted in bytes', () => {
  const text = createMessageEncoder().encode(ping)
  const bytes = Buffer.byteLength(text)
  expect(createMessageEncoder({maxMessageBytes: bytes}).encode(ping)).toBe(text)
  expect(() => createMessageEncoder({maxMessageBytes: bytes - 1}).encode(ping)).toThrow(
    expect.objectContaining({
      code: 'message-too-large',
      message: expect.stringContaining(`has ${bytes} bytes, and the limit is ${bytes - 1}`) as string,
    }),
  )
})

test('throws for values that JSON cannot represent', () => {
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

test('replaces and counts lone surrogates, and keeps pairs and escaped backslashes', () => {
  const encoder = createMessageEncoder()
  const texts = {'\udc00': '\ud800', pair: '👩🏽‍🚀', looks: '\\ud800', twice: '\ud800\ud800', swapped: '\udc00\ud800'}
  expect(JSON.parse(encoder.encode({...ping, params: texts}))).toEqual({
    ...ping,
    params: {'\ufffd': '\ufffd', pair: '👩🏽‍🚀', looks: '\\ud800', twice: '\ufffd\ufffd', swapped: '\ufffd\ufffd'},
  })
  expect(encoder.replaced).toBe(6)
})
