import {once} from 'node:events'
import {connect, createServer, type AddressInfo, type Server, type Socket} from 'node:net'
import {inspect} from 'node:util'
import {createConnection, type Transport} from '@holdfast/rpc'
import {testTransport} from '@holdfast/rpc/test'
import {afterEach, describe, expect, test, vi} from 'vitest'
import {WebSocket} from 'ws'
import {openRefusingPort} from '../../../tooling/vitest/refusing-port.ts'
import {selfSigned} from '../../../tooling/vitest/self-signed.ts'
import {
  type Clock,
  connectWebSocket,
  type ConnectWebSocketOptions,
  listenWebSocket,
  type ListenWebSocketOptions,
  type WebSocketListener,
} from '../src/websocket.ts'

const token = 'a-token-of-the-test'
const ping = {jsonrpc: '2.0', method: 'ping'} as const
const ignoring = {message: () => {}}
const cleanups: (() => unknown)[] = []

afterEach(async () => {
  await Promise.all(cleanups.splice(0).map((cleanUp) => cleanUp()))
})

async function listen(options: ListenWebSocketOptions = {}) {
  const accepted: Transport[] = []
  const waiting: ((transport: Transport) => void)[] = []
  const listener: WebSocketListener = await listenWebSocket(
    {},
    (transport) => {
      accepted.push(transport)
      waiting.shift()?.(transport)
    },
    options,
  )
  cleanups.push(async () => {
    await listener.close()
    await Promise.all(accepted.map((transport) => transport.close('the test is over', {deadlineMs: 1})))
  })
  const next = () => new Promise<Transport>((resolve) => waiting.push(resolve))
  return {url: listener.url, next, accepted, listener}
}

async function openPair(
  options: ListenWebSocketOptions = {},
  connectOptions: ConnectWebSocketOptions = {},
): Promise<readonly [client: Transport, server: Transport]> {
  const {url, next} = await listen({token, ...options})
  const accepted = next()
  return [await connectWebSocket(url, {token, ...connectOptions}), await accepted]
}

testTransport('a WebSocket, from the client,', () => openPair())
testTransport('a WebSocket, from the server,', async () => (await openPair()).toReversed() as [Transport, Transport])

interface Greeter {
  greet(params: {name: string}): string
}

test('carries requests and answers', async () => {
  const [client, server] = await openPair()
  createConnection<Greeter>(server, {handlers: {greet: ({name}) => `Hello ${name}`}})
  const peer = createConnection<object, Greeter>(client)
  expect(await peer.request('greet', {name: 'Ada'})).toBe('Hello Ada')
  await peer.close('enough')
  expect(await server.closed).toEqual({by: 'peer', message: 'enough'})
})

describe('a server accepts', () => {
  test('only clients with the token', async () => {
    const {url, accepted} = await listen({token})
    for (const wrong of [undefined, 'another-token', `${token}x`, token.slice(1)]) {
      await expect(connectWebSocket(url, wrong === undefined ? {} : {token: wrong})).rejects.toMatchObject({
        name: 'SocketError',
        code: 'refused',
        message: `\`${url}/\` refused the connection with status 401: check the token`,
      })
    }
    expect(accepted).toEqual([])
  })

  test('no client, if the host is beyond loopback and there is no token, or no encryption', async () => {
    for (const host of ['0.0.0.0', '::']) {
      await expect(listenWebSocket({host}, () => {}, {insecure: true})).rejects.toMatchObject({code: 'token-needed'})
      await expect(listenWebSocket({host}, () => {}, {token})).rejects.toMatchObject({code: 'tls-needed'})
      for (const how of [{insecure: true}, {tls: selfSigned}]) {
        const listener = await listenWebSocket({host}, () => {}, {token, ...how})
        await listener.close()
      }
    }
    for (const host of ['127.0.0.1', 'localhost', '127.1.2.3']) await (await listenWebSocket({host}, () => {})).close()
  })

  test('a refused client cannot keep the socket open', async () => {
    const {url} = await listen({token})
    const socket = openHalf(url)
    socket.write(upgradeRequest())
    const [answer] = await once(socket, 'data')
    expect(String(answer)).toMatch(/^HTTP\/1\.1 401 /)
    const knocking = setInterval(() => socket.write('let me in'), 1)
    cleanups.push(() => clearInterval(knocking))
    await new Promise((resolve) => socket.on('close', resolve))
  })

  test('an ordinary HTTP request is answered with 426', async () => {
    const {url} = await listen()
    const response = await fetch(url.replace('ws:', 'http:'))
    expect([response.status, response.headers.get('upgrade')]).toEqual([426, 'websocket'])
  })
})

describe('a connection that cannot be opened', () => {
  test('rejects with `nobody-listens`', async () => {
    const {url, listener} = await listen()
    await listener.close()
    await expect(connectWebSocket(url)).rejects.toMatchObject({code: 'nobody-listens'})
  })

  test('rejects with `in-use` for a port in use', async () => {
    const {url} = await listen()
    const port = Number(new URL(url).port)
    await expect(listenWebSocket({port}, () => {})).rejects.toMatchObject({code: 'in-use'})
  })

  test('rejects if the server does not answer, or the caller aborts', async () => {
    const server = createServer(() => {}).listen(0, '127.0.0.1')
    await once(server, 'listening')
    cleanups.push(() => server.close())
    const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`
    await expect(connectWebSocket(url, {timeoutMs: 20})).rejects.toMatchObject({code: 'timeout'})
    const controller = new AbortController()
    const connecting = connectWebSocket(url, {signal: controller.signal})
    controller.abort(new Error('the user left'))
    await expect(connecting).rejects.toThrow('the user left')
    await expect(connectWebSocket(url, {signal: controller.signal})).rejects.toThrow('the user left')
  })

  test('rejects a timeout that is not above 0, and accepts Infinity', async () => {
    const {url} = await listen()
    for (const timeoutMs of [0, -1, NaN]) await expect(connectWebSocket(url, {timeoutMs})).rejects.toThrow(RangeError)
    await (await connectWebSocket(url, {timeoutMs: Infinity})).close()
  })

  test('closing the listener ends connections that are not WebSockets yet', async () => {
    const {url, listener} = await listen()
    const socket = openHalf(url)
    socket.write('GET / HTTP/1.1\r\nHost: ')
    await once(socket, 'connect')
    // This answer comes after the other connection was accepted.
    await fetch(url.replace('ws:', 'http:'))
    socket.resume()
    const ended = once(socket, 'end')
    await listener.close()
    await ended
  })

  test('no error and no transport shows a token or a password', async () => {
    const secret = 'hunter2-hunter2'
    await using refusing = await openRefusingPort()
    const refused = await listen({token: 'other'})
    const url = new URL(refused.url)
    const withSecret = (part: 'username' | 'password' | 'search' | 'hash') => {
      const changed = new URL(refused.url)
      changed[part] = secret
      return changed
    }
    const errors = await Promise.all(
      [
        () => connectWebSocket(url, {token: secret}),
        () => connectWebSocket(withSecret('username')),
        () => connectWebSocket(withSecret('password')),
        () => connectWebSocket(withSecret('search'), {token: secret}),
        () => connectWebSocket(`http://${secret}@127.0.0.1/`),
        () => connectWebSocket(`not a url ${secret}`),
        () => connectWebSocket(url, {token: `${secret} with\nbreak`}),
        () => connectWebSocket(`ws://127.0.0.1:${refusing.port}`, {token: secret}),
        () => listenWebSocket({}, () => {}, {token: `${secret} é`}),
        () => listenWebSocket({port: Number(url.port)}, () => {}, {token: secret}),
      ].map((work) =>
        work().then(
          () => 'no error',
          (error: unknown) => error,
        ),
      ),
    )
    for (const error of errors) {
      expect(error).toBeInstanceOf(Error)
      expect(inspect(error, {depth: 10, showHidden: true})).not.toContain(secret)
    }
    const [client, server] = await openPair({token: secret}, {token: secret})
    expect(inspect([client, server], {depth: 10, showHidden: true})).not.toContain(secret)
  })
})

describe('a message that arrives', () => {
  test('is reported if it is noise, and the connection stays open', async () => {
    const {url, next} = await listen()
    const accepted = next()
    const webSocket = new WebSocket(url)
    cleanups.push(() => webSocket.terminate())
    await once(webSocket, 'open')
    const [message, noise] = [vi.fn(), vi.fn()]
    const last = new Promise<void>(
      (resolve) =>
        void accepted.then((server) =>
          server.listen({
            noise,
            message(each) {
              message(each)
              resolve()
            },
          }),
        ),
    )
    for (const data of ['no json', '[]', '42', '  ', Buffer.from('binary'), '{"n":1}']) webSocket.send(data)
    await last
    expect(noise.mock.calls).toEqual([
      [{kind: 'not-json', bytes: 7}],
      [{kind: 'not-an-object', bytes: 2}],
      [{kind: 'not-an-object', bytes: 2}],
      [{kind: 'not-json', bytes: 6}],
    ])
    expect(message.mock.calls).toEqual([[{n: 1}]])
  })

  test('closes the connection with 1009 if it is over the limit', async () => {
    const [client, server] = await openPair({maxMessageBytes: 1000})
    const noise = vi.fn()
    server.listen({...ignoring, noise})
    client.listen(ignoring)
    client.write({...ping, params: {text: 'x'.repeat(1000)}})
    expect(await server.closed).toMatchObject({
      by: 'fault',
      message: 'a message is longer than the limit of 1000 bytes',
    })
    expect(await client.closed).toEqual({by: 'peer', message: 'it closed the connection with code 1009'})
    expect(noise.mock.calls).toEqual([[{kind: 'line-too-long', bytes: 1001}]])
  })

  test('is refused by its sender if it is over the limit', async () => {
    const [client] = await openPair({}, {maxMessageBytes: 1000})
    const big = {...ping, params: {text: 'x'.repeat(1000)}}
    expect(() => client.write(big)).toThrow(expect.objectContaining({code: 'message-too-large'}))
    expect(client.write(ping)).toBe(true)
  })
})

describe('a peer that has vanished', () => {
  test('is waited for no longer than a second after a fault', async () => {
    const {url, next} = await listen({maxMessageBytes: 100})
    const accepted = next()
    const socket = openHalf(url)
    socket.write(upgradeRequest())
    const server = await accepted
    vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout']})
    try {
      const refused = new Promise((resolve) => server.listen({...ignoring, noise: resolve}))
      const tooLong = Buffer.from([0x81, 0xfe, 0x10, 0x00, 0, 0, 0, 0])
      socket.write(tooLong)
      await refused
      await vi.advanceTimersByTimeAsync(1000)
      expect(await server.closed).toMatchObject({by: 'fault'})
      await server.close()
      expect(vi.getTimerCount()).toBe(0)
    } finally {
      vi.useRealTimers()
    }
  })

  test('leaves no timer if this side closes, too', async () => {
    const [client, server] = await openPair()
    client.listen(ignoring)
    server.listen(ignoring)
    await client.close()
    await server.closed
    vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout']})
    try {
      await server.close()
      expect(vi.getTimerCount()).toBe(0)
    } finally {
      vi.useRealTimers()
    }
  })

  test('is gone when the connection breaks', async () => {
    const proxy = await openThroughProxy()
    proxy.cut()
    expect(await proxy.client.closed).toMatchObject({by: 'peer'})
    expect(await proxy.server.closed).toMatchObject({by: 'peer'})
    expect(proxy.client.write(ping)).toBe(false)
  })

  test('is gone 45 s after its last byte, at both ends; later bytes are ignored', async () => {
    const clock = createClock()
    const proxy = await openThroughProxy(clock)
    await clock.advance(120_000)
    expect(proxy.client.write(ping)).toBe(true)
    proxy.freeze()
    await clock.advance(40_000)
    expect(proxy.client.write(ping)).toBe(true)
    await clock.advance(10_000)
    const reason = {by: 'peer', message: 'its heartbeat timed out', errno: 'ETIMEDOUT'}
    expect(await proxy.client.closed).toEqual(reason)
    expect(await proxy.server.closed).toEqual(reason)
    expect(proxy.client.write(ping)).toBe(false)
    proxy.thaw()
  })

  test('is not gone if this process was suspended', async () => {
    const clock = createClock()
    const proxy = await openThroughProxy(clock)
    clock.stall(600_000)
    await clock.advance(30_000)
    expect(proxy.client.write(ping)).toBe(true)
    expect(proxy.server.write(ping)).toBe(true)
  })
})

/** A plain socket to the listener that stays open when the other side ends. */
function openHalf(url: string): Socket {
  const socket = connect({port: Number(new URL(url).port), host: '127.0.0.1', allowHalfOpen: true})
  socket.on('error', () => {})
  cleanups.push(() => socket.destroy())
  return socket
}

function upgradeRequest(): string {
  const headers = ['Host: 127.0.0.1', 'Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13']
  return ['GET / HTTP/1.1', ...headers, 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==', '', ''].join('\r\n')
}

/** A clock that the test advances. The sockets are served after each step. */
function createClock() {
  let now = 0
  const timers = new Set<{ms: number; dueAt: number; callback: () => void}>()
  const clock: Clock = {
    now: () => now,
    every(ms, callback) {
      const timer = {ms, dueAt: now + ms, callback}
      timers.add(timer)
      return () => timers.delete(timer)
    },
  }
  const fire = () => {
    for (const timer of timers) {
      if (timer.dueAt > now) continue
      timer.callback()
      timer.dueAt = now + timer.ms
    }
  }
  return {
    ...clock,
    async advance(ms: number) {
      for (const end = now + ms; now < end; now += 1000) {
        fire()
        if (now % 5000 === 0) await socketsHaveSettled()
      }
      fire()
      await socketsHaveSettled()
    },
    stall(ms: number) {
      now += ms
      fire()
    },
  }
}

/** A round trip over another socket: what other local sockets had sent has then arrived. */
async function socketsHaveSettled(): Promise<void> {
  const server = createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  for (let n = 0; n < 5; n++) {
    socket.write('x')
    await once(socket, 'data')
  }
  socket.destroy()
  server.close()
}

async function openThroughProxy(clock?: Clock) {
  const options = clock ? {clock} : {}
  const {url, next} = await listen(options)
  const sockets: Socket[] = []
  const target = Number(new URL(url).port)
  const proxy: Server = createServer((incoming) => {
    const outgoing = connect(target, '127.0.0.1')
    sockets.push(incoming, outgoing)
    for (const socket of sockets) socket.on('error', () => {})
    incoming.pipe(outgoing).pipe(incoming)
  }).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy()
    proxy.close()
  })
  const accepted = next()
  const client = await connectWebSocket(`ws://127.0.0.1:${(proxy.address() as AddressInfo).port}`, options)
  const server = await accepted
  client.listen(ignoring)
  server.listen(ignoring)
  return {
    client,
    server,
    cut: () => sockets.forEach((socket) => socket.resetAndDestroy()),
    /** Accepts all bytes, and forwards none. */
    freeze: () =>
      sockets.forEach((socket) => {
        socket.unpipe()
        socket.resume()
      }),
    thaw: () => sockets[0]!.pipe(sockets[1]!).pipe(sockets[0]!),
  }
}
