import {expect, test} from 'vitest'
import {createMessageWriter, type MessageOptions} from '../src/messages/message-writer.ts'

const ping = {jsonrpc: '2.0', method: 'ping', params: {text: 'é\n'}} as const

/** A writer whose `encode` writes a message and returns the text that it sends. */
function openWriter(options: MessageOptions = {}) {
  let sent = ''
  const writer = createMessageWriter({
    ...options,
    pack: (texts) => ({bytes: Buffer.byteLength(texts.join('')), send: (done) => done(void (sent += texts.join('')))}),
    isIdle: () => true,
    onError: () => {},
  })
  const encode = (...written: Parameters<typeof writer.half.write>) => {
    sent = ''
    writer.half.write(...written)
    writer.sendAll()
    return sent
  }
  return {...writer, encode}
}

test('encodes a message on one line', () => {
  const text = openWriter().encode(ping)
  expect(text).toBe('{"jsonrpc":"2.0","method":"ping","params":{"text":"é\\n"}}')
})

test('throws for a message over the limit, counted in bytes', () => {
  const text = openWriter().encode(ping)
  const bytes = Buffer.byteLength(text)
  expect(openWriter({maxMessageBytes: bytes}).encode(ping)).toBe(text)
  expect(() => openWriter({maxMessageBytes: bytes - 1}).encode(ping)).toThrow(
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
    expect(() => openWriter().encode({...ping, params})).toThrow(expect.objectContaining({code: 'unencodable'}))
  }
})

test('replaces and counts lone surrogates, and keeps pairs and escaped backslashes', () => {
  const writer = openWriter()
  const texts = {'\udc00': '\ud800', pair: '👩🏽‍🚀', looks: '\\ud800', twice: '\ud800\ud800', swapped: '\udc00\ud800'}
  expect(JSON.parse(writer.encode({...ping, params: texts}))).toEqual({
    ...ping,
    params: {'\ufffd': '\ufffd', pair: '👩🏽‍🚀', looks: '\\ud800', twice: '\ufffd\ufffd', swapped: '\ufffd\ufffd'},
  })
  expect(writer.half.replaced).toBe(6)
})
