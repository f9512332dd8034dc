import {once} from 'node:events'
import {createServer, type AddressInfo} from 'node:net'
import type {Transport} from '@holdfast/rpc'
import {testTransport} from '@holdfast/rpc/test'
import {afterEach, expect, test} from 'vitest'
import {connectBrowserSocket, type BrowserSocketOptions} from '../src/browser.ts'
import {listenWebSocket} from '../src/websocket.ts'

// The `WebSocket` of Node has the interface of a browser's.
const cleanups: (() => unknown)[] = []

afterEach(async () => {
  await Promise.all(cleanups.splice(0).map((cleanUp) => cleanUp()))
})

async function openPair(options: BrowserSocketOptions = {}) {
  const {promise: accepted, resolve} = Promise.withResolvers<Transport>()
  const listener = await listenWebSocket({}, resolve)
  cleanups.push(() => listener.close())
  const client = await connectBrowserSocket(listener.url, options)
  return [client, await accepted] as const
}

testTransport('the WebSocket of a browser', () => openPair())

const ping = {jsonrpc: '2.0', method: 'ping'} as const

test('a peer that has vanished is given up at once', async () => {
  const [client, server] = await openPair()
  client.listen({message: () => {}})
  client.giveUp('it did not answer')
  expect(await client.closed).toMatchObject({by: 'peer', message: 'it did not answer'})
  expect(client.write(ping)).toBe(false)
  await server.close()
})

test('messages that arrive are counted, and noise is reported', async () => {
  const [client, server] = await openPair()
  const {promise, resolve} = Promise.withResolvers<unknown>()
  client.listen({message: resolve})
  expect(client.received).toBe(0)
  server.write(ping)
  expect(await promise).toEqual(ping)
  expect(client.received).toBe(1)
  await client.close()
  await server.close()
})

test('a message over the limit is refused, and the connection stays open', async () => {
  const [client, server] = await openPair({maxMessageBytes: 1000})
  expect(() => client.write({...ping, params: {text: 'é'.repeat(500)}})).toThrow(
    expect.objectContaining({code: 'message-too-large'}),
  )
  expect(client.write(ping)).toBe(true)
  await client.close()
  await server.close()
})

test('a server that is not there, and one that does not answer, are errors without a token', async () => {
  await expect(connectBrowserSocket('ws://127.0.0.1:1/?token=secret')).rejects.toMatchObject({
    name: 'SocketError',
    code: 'failed',
    message: 'Could not connect to `ws://127.0.0.1:1/`',
  })
  const server = createServer(() => {}).listen(0, '127.0.0.1')
  cleanups.push(() => server.close())
  await once(server, 'listening')
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`
  await expect(connectBrowserSocket(url, {timeoutMs: 20})).rejects.toMatchObject({code: 'timeout'})
})
