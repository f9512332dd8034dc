import {expect, test} from 'vitest'
import {encodeLine} from '../src/encode-line.ts'

const ping = {jsonrpc: '2.0', method: 'ping', params: {text: 'é\n'}} as const

test('a message is one line', () => {
  expect(encodeLine(ping)).toBe('{"jsonrpc":"2.0","method":"ping","params":{"text":"é\\n"}}\n')
})

test('a message over the limit is refused, counted in bytes without the line break', () => {
  const bytes = Buffer.byteLength(encodeLine(ping)) - 1
  expect(encodeLine(ping, {maxMessageBytes: bytes})).toMatch(/\n$/)
  expect(() => encodeLine(ping, {maxMessageBytes: bytes - 1})).toThrow(
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
    expect(() => encodeLine({...ping, params})).toThrow(expect.objectContaining({code: 'unencodable'}))
  }
})
