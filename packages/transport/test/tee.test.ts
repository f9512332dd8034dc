import {setImmediate as turn} from 'node:timers/promises'
import {createMemoryPair, type Transport} from '@holdfast/rpc'
import {testTransport} from '@holdfast/rpc/test'
import {expect, test, vi} from 'vitest'
import {createTee} from '../src/tee.ts'

const ping = {jsonrpc: '2.0', method: 'ping'} as const

testTransport('a tee', () => {
  const [near, far] = createMemoryPair()
  const [watched] = createMemoryPair({maxQueuedBytes: 1000})
  return [createTee(near, watched), far]
})

function collect(end: Transport): unknown[] {
  const messages: unknown[] = []
  end.listen({message: (message) => messages.push(message)})
  return messages
}

const throwing: Transport = {
  write() {
    throw new Error('broken')
  },
  listen() {
    throw new Error('broken')
  },
  close() {
    throw new Error('broken')
  },
  drained: () => new Promise(() => {}),
  closed: new Promise(() => {}),
  queuedBytes: Infinity,
  replaced: Infinity,
}

test('writes to all transports, and delivers messages that arrive at the first', async () => {
  const [first, peer] = createMemoryPair()
  const [other, watcher] = createMemoryPair()
  const tee = createTee(first, throwing, other)
  const [atPeer, atWatcher, atTee] = [peer, watcher, tee].map(collect)
  expect(tee.write(ping)).toBe(true)
  watcher.write({...ping, method: 'to the tee'})
  peer.write({...ping, method: 'from the peer'})
  await turn()
  expect([atPeer, atWatcher, atTee]).toEqual([[ping], [ping], [{...ping, method: 'from the peer'}]])
  expect([tee.queuedBytes, tee.replaced]).toEqual([0, 0])
})

test('an observer that is full misses messages without a delay for the first', async () => {
  const [first, peer] = createMemoryPair()
  const [other] = createMemoryPair({maxQueuedBytes: 50})
  const tee = createTee(first, other)
  const atPeer = collect(peer)
  for (let n = 0; n < 100; n++) expect(tee.write(ping)).toBe(true)
  await tee.drained()
  await turn()
  expect(atPeer).toHaveLength(100)
})

test('returns false from writes when the first is gone, and not when an observer is', async () => {
  const [first, peer] = createMemoryPair()
  const [other, watcher] = createMemoryPair()
  const tee = createTee(first, other)
  await watcher.close()
  expect(tee.write(ping)).toBe(true)
  await peer.close()
  expect(tee.write(ping)).toBe(false)
})

test('writes no message to the observers that the first refuses', async () => {
  const [first] = createMemoryPair()
  const [other, watcher] = createMemoryPair()
  const atWatcher = collect(watcher)
  const tee = createTee(first, other)
  expect(() => tee.write({...ping, params: {n: 1n}})).toThrow(expect.objectContaining({code: 'unencodable'}))
  await turn()
  expect(atWatcher).toEqual([])
})

test('closes all transports, even if one throws', async () => {
  const [first, peer] = createMemoryPair()
  const [other, watcher] = createMemoryPair()
  const tee = createTee(first, throwing, other)
  for (const end of [tee, peer, watcher]) collect(end)
  await tee.close('enough')
  expect(await Promise.all([tee.closed, peer.closed, watcher.closed])).toMatchObject([
    {by: 'us', message: 'enough'},
    {by: 'peer', message: 'the other end closed: enough'},
    {by: 'peer', message: 'the other end closed: enough'},
  ])
})

test('closes the observers even if closing the first throws', async () => {
  const [other, watcher] = createMemoryPair()
  collect(watcher)
  await expect(createTee(throwing, other).close()).rejects.toThrow('broken')
  expect((await watcher.closed).by).toBe('peer')
})

test('closes the observers when the first closes', async () => {
  const [first, peer] = createMemoryPair()
  const [other, watcher] = createMemoryPair()
  collect(createTee(first, other))
  collect(watcher)
  await peer.close('bye')
  expect(await watcher.closed).toMatchObject({message: expect.stringContaining('the first transport closed')})
})

test('waits no longer than the deadline for an observer that does not close', async () => {
  vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout']})
  try {
    const [first] = createMemoryPair()
    const closing = createTee(first, {...throwing, close: () => new Promise(() => {})}).close('enough', {
      deadlineMs: 50,
    })
    await vi.advanceTimersByTimeAsync(50)
    await closing
    expect(vi.getTimerCount()).toBe(0)
  } finally {
    vi.useRealTimers()
  }
})
