import {PassThrough, Writable} from 'node:stream'
import {setImmediate as turn} from 'node:timers/promises'
import type {JsonRpcMessage, JsonRpcNotification} from '@holdfast/rpc'
import type {RawTransport} from '@holdfast/rpc/raw'
import {expect, test, vi} from 'vitest'
import type {Merge} from '../src/messages/merge.ts'
import {createStreamTransport} from '../src/ndjson/stream-transport.ts'

const delta = (text: string): JsonRpcNotification => ({jsonrpc: '2.0', method: 'delta', params: {text}})
const textOf = (message: JsonRpcMessage) => (message as {params: {text: string}}).params.text
const join: Merge = (older, newer) => (newer.method === 'delta' ? delta(textOf(older) + textOf(newer)) : undefined)

/** A transport over a stream that accepts nothing before `open`. `fill` writes as much as the system gets at a time. */
function openBlocked(merge?: Merge) {
  const pieces: string[] = []
  const blocked: (() => void)[] = []
  let isOpen = false
  const writable = new Writable({
    decodeStrings: false,
    write(chunk: string, _encoding, done) {
      pieces.push(chunk)
      if (isOpen) done()
      else blocked.push(done)
    },
  })
  const transport = createStreamTransport({readable: new PassThrough(), writable}, merge ? {merge} : {})
  return {
    transport,
    fill: () => transport.write({jsonrpc: '2.0', method: 'filler', params: {text: 'x'.repeat(300_000)}}),
    async open() {
      isOpen = true
      for (const done of blocked) done()
      await transport.close()
      const lines = pieces.join('').split('\n').slice(0, -1)
      return lines.map((line) => JSON.parse(line) as JsonRpcNotification).filter(({method}) => method !== 'filler')
    },
  }
}

test('notifications that wait for a slow peer are merged, in order and without a loss', async () => {
  const {transport, fill, open} = openBlocked(join)
  fill()
  for (const text of 'abc') transport.write(delta(text))
  transport.write({jsonrpc: '2.0', method: 'final'})
  for (const text of 'def') transport.write(delta(text))
  expect(transport.queuedBytes).toBeLessThan(300_000 + 400)
  expect(await open()).toEqual([delta('abc'), {jsonrpc: '2.0', method: 'final'}, delta('def')])
  expect(transport.queuedBytes).toBe(0)
})

test('a flood of deltas to a peer that reads nothing is merged without a loss', async () => {
  const {transport, fill, open} = openBlocked(join)
  fill()
  const text = 'a few words, '
  for (let n = 0; n < 20_000; n++) transport.write(delta(text))
  // The 61 bytes around each text are left once for each 16 KiB.
  expect(transport.queuedBytes).toBeLessThan(300_000 + text.length * 20_000 * 1.05)
  const messages = await open()
  expect(messages.map(textOf).join('')).toBe(text.repeat(20_000))
  expect(messages.length).toBeLessThan(30)
})

test('merge gets only notifications of one method, as they were when they were written', async () => {
  const merge = vi.fn<Merge>(() => undefined)
  const {transport, fill, open} = openBlocked(merge)
  fill()
  const params = {text: 'a'}
  const changing = {jsonrpc: '2.0', method: 'delta', params} as const
  transport.write(changing)
  params.text = 'changed'
  transport.write(delta('b'))
  transport.write({jsonrpc: '2.0', id: 1, method: 'delta'})
  transport.write({jsonrpc: '2.0', id: 2, method: 'delta'})
  transport.write({jsonrpc: '2.0', id: 1, result: 1})
  transport.write({jsonrpc: '2.0', method: 'other'})
  expect(merge.mock.calls).toEqual([[delta('a'), delta('b')]])
  expect(await open()).toHaveLength(6)
})

test('nothing is merged while the peer reads, nor without the option', async () => {
  const fast = openBlocked(join)
  fast.transport.write(delta('a'))
  await turn()
  fast.transport.write(delta('b'))
  expect(await fast.open()).toEqual([delta('a'), delta('b')])
  const plain = openBlocked()
  plain.fill()
  for (const text of 'abc') plain.transport.write(delta(text))
  expect(await plain.open()).toHaveLength(3)
})

test('a merge that throws, or returns a message that cannot be encoded, fails only that write', async () => {
  const {transport, fill, open} = openBlocked((_older, newer) => {
    if (textOf(newer) === 'throws') throw new Error('broken')
    return {...newer, params: {n: 1n}}
  })
  fill()
  transport.write(delta('a'))
  expect(() => transport.write(delta('throws'))).toThrow('broken')
  expect(() => transport.write(delta('odd'))).toThrow(expect.objectContaining({code: 'unencodable'}))
  expect(await open()).toEqual([delta('a')])
})

test('messages that are written as text are not merged', async () => {
  const {transport, fill, open} = openBlocked(join)
  const raw: RawTransport = transport
  fill()
  transport.write(delta('a'))
  raw.write(delta('b'), JSON.stringify(delta('b')))
  transport.write(delta('c'))
  expect((await open()).map(textOf)).toEqual(['a', 'b', 'c'])
})
