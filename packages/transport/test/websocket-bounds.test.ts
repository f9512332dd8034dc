import {once} from 'node:events'
import {connect, type Socket} from 'node:net'
import type {Transport} from '@holdfast/rpc'
import {afterEach, describe, expect, test, vi} from 'vitest'
import {
  connectWebSocket,
  createReadBudget,
  createWriteBudget,
  listenWebSocket,
  type ListenWebSocketOptions,
} from '../src/websocket.ts'
import {start} from './fixtures/start.ts'

const token = 'a-token-of-the-test'
const ping = {jsonrpc: '2.0', method: 'ping'} as const
const cleanups: (() => unknown)[] = []

afterEach(async () => {
  await Promise.all(cleanups.splice(0).map((cleanUp) => cleanUp()))
})

/** A listener that counts the messages of its clients. */
async function listen(options: ListenWebSocketOptions = {}) {
  const accepted: Transport[] = []
  const received: unknown[] = []
  const listener = await listenWebSocket(
    {},
    (transport) => {
      accepted.push(transport)
      transport.listen({message: (message) => received.push(message)})
    },
    {token, ...options},
  )
  cleanups.push(async () => {
    await listener.close()
    await Promise.all(accepted.map((transport) => transport.close('the test is over', {deadlineMs: 1})))
  })
  return {url: listener.url, accepted, received}
}

/** A plain socket to a listener. */
async function open(url: string, localAddress = '127.0.0.1'): Promise<Socket> {
  const socket = connect({port: Number(new URL(url).port), host: '127.0.0.1', localAddress})
  cleanups.push(() => socket.destroy())
  socket.on('error', () => {})
  await once(socket, 'connect')
  return socket
}

/** A plain socket that has become a WebSocket. */
async function upgrade(url: string): Promise<Socket> {
  const socket = await open(url)
  const headers = ['Host: 127.0.0.1', 'Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13']
  const secrets = ['Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==', `Authorization: Bearer ${token}`]
  socket.write(['GET / HTTP/1.1', ...headers, ...secrets, '', ''].join('\r\n'))
  await once(socket, 'data')
  return socket
}

/** The beginning of a frame of 30 MB. */
function unfinishedFrame(bytes: number): Buffer {
  const header = Buffer.alloc(14)
  header[0] = 0x81
  header[1] = 0xff
  header.writeBigUInt64BE(30_000_000n, 2)
  return Buffer.concat([header, Buffer.alloc(bytes, 'x')])
}

describe('connections that have not sent a token', () => {
  test('are 16 at most: the oldest one ends, and a client enters', async () => {
    const {url, accepted} = await listen()
    const idle = await Promise.all(Array.from({length: 200}, () => open(url)))
    const openOnes = () => idle.filter((socket) => !socket.closed)
    for (const socket of idle) socket.resume()
    await expect.poll(() => openOnes().length).toBeLessThanOrEqual(16)
    const client = await connectWebSocket(url, {token})
    cleanups.push(() => client.close())
    expect(accepted).toHaveLength(1)
    // The client is no newcomer any more: others that come do not end it.
    for (let count = 0; count < 20; count++) await open(url)
    client.write(ping)
    await client.drained()
    expect(openOnes()).toEqual([])
  })

  test('of one address end none of another', async () => {
    const {url} = await listen()
    const other = await open(url, '127.0.0.2')
    const flood = await Promise.all(Array.from({length: 200}, () => open(url)))
    for (const socket of [other, ...flood]) socket.resume()
    await expect.poll(() => flood.filter((socket) => !socket.closed).length).toBeLessThanOrEqual(15)
    expect(other.closed).toBe(false)
  })

  test('end after 10 s, also while they send a header byte by byte; a client that has entered stays', async () => {
    vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout']})
    try {
      const {url, accepted} = await listen()
      const entered = await upgrade(url)
      const slow = await open(url)
      const closed = once(slow.resume(), 'close')
      slow.write('GET / HT')
      await vi.advanceTimersByTimeAsync(9999)
      slow.write('TP')
      expect(slow.closed).toBe(false)
      await vi.advanceTimersByTimeAsync(1)
      await closed
      expect(accepted).toHaveLength(1)
      expect(entered.closed).toBe(false)
    } finally {
      vi.useRealTimers()
    }
  })

  test('leave descriptors for a client where the process has 64', async () => {
    const fixture = new URL('fixtures/listening-peer.ts', import.meta.url).pathname
    const command = `ulimit -n 64; exec "${process.execPath}" --conditions=holdfast-source "${fixture}"`
    const {child} = start('/bin/sh', ['-c', command])
    cleanups.push(() => child.kill('SIGKILL'))
    const [line] = (await once(child.stderr, 'data')) as [Buffer]
    const url = String(line).trim()
    await Promise.all(Array.from({length: 200}, () => open(url).catch(() => undefined)))
    const client = await connectWebSocket(url)
    cleanups.push(() => client.close())
    const echo = new Promise((resolve) => client.listen({message: resolve}))
    client.write(ping)
    expect(await echo).toEqual(ping)
  })
})

describe('a client that has entered', () => {
  test('loses its unfinished message once those of all clients are too large together', async () => {
    const {url, accepted, received} = await listen({readBudget: createReadBudget(1_000_000)})
    const stalled = await Promise.all(Array.from({length: 40}, () => upgrade(url)))
    for (const socket of stalled) socket.resume().write(unfinishedFrame(100_000))
    await expect.poll(() => stalled.filter((socket) => !socket.closed).length).toBeLessThanOrEqual(10)
    const client = await connectWebSocket(url, {token})
    cleanups.push(() => client.close())
    client.write({...ping, params: {text: 'x'.repeat(500_000)}})
    await expect.poll(() => received).toHaveLength(1)
    const reasons = await Promise.all(accepted.slice(0, 1).map(({closed}) => closed))
    expect(reasons[0]).toMatchObject({by: 'fault', message: expect.stringMatching(/unfinished message of \d+ bytes/)})
  })

  test('is ended while it does not read once the write queues of all clients are too large together', async () => {
    const maxBytes = 32 * 1024 * 1024
    const {url, accepted, received} = await listen({writeBudget: createWriteBudget(maxBytes)})
    const stalled = await Promise.all(Array.from({length: 6}, () => upgrade(url)))
    for (const socket of stalled) socket.pause()
    const unread = () => accepted.reduce((sum, {queuedBytes}) => sum + queuedBytes, 0)
    for (const transport of accepted) {
      // The system takes some of it.
      transport.write({...ping, params: {text: 'x'.repeat(20_000_000)}})
      await expect.poll(unread).toBeLessThanOrEqual(maxBytes)
    }
    const client = await connectWebSocket(url, {token})
    cleanups.push(() => client.close())
    client.write(ping)
    await expect.poll(() => received).toEqual([ping])
    const ended = await Promise.race(accepted.map(({closed}) => closed))
    expect(ended).toMatchObject({by: 'fault', message: expect.stringMatching(/^it left \d+ bytes unread/)})
    expect(unread()).toBeGreaterThan(0)
  })

  test('gets no pongs for pings while it does not read: they would wait in memory', async () => {
    const {url} = await listen()
    const socket = await upgrade(url)
    const frame = Buffer.concat([Buffer.from([0x89, 0x80 | 125, 0, 0, 0, 0]), Buffer.alloc(125, 'p')])
    const frames = Buffer.concat(Array.from({length: 1000}, () => frame))
    const pings = 400_000
    socket.pause()
    for (let sent = 0; sent < pings; sent += 1000) {
      if (!socket.write(frames)) await once(socket, 'drain')
    }
    let bytes = 0
    socket.on('data', (data: Buffer) => (bytes += data.length)).resume()
    // The server answers a close frame when it has read everything before it.
    socket.end(Buffer.from([0x88, 0x80, 0, 0, 0, 0]))
    await once(socket, 'close')
    expect(bytes).toBeLessThan((pings * 127) / 2)
  })
})
