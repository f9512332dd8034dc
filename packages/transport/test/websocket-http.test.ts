import {once} from 'node:events'
import {request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders} from 'node:http'
import {request as httpsRequest} from 'node:https'
import {connect, type Socket} from 'node:net'
import {text} from 'node:stream/consumers'
import {connect as connectTls} from 'node:tls'
import type {Transport} from '@holdfast/rpc'
import {testTransport} from '@holdfast/rpc/test'
import {afterEach, describe, expect, test, vi} from 'vitest'
import {WebSocket, type ClientOptions} from 'ws'
import {renewed, selfSigned} from '../../../tooling/vitest/self-signed.ts'
import {connectWebSocket, listenWebSocket, type ListenWebSocketOptions} from '../src/websocket.ts'
import {createWebSocketTransport} from '../src/websocket/websocket-transport.ts'

const token = 'a-token-of-the-test'
const authorization = `Bearer ${token}`
const ca = selfSigned.cert
const cleanups: (() => unknown)[] = []

afterEach(async () => {
  await Promise.all(cleanups.splice(0).map((cleanUp) => cleanUp()))
})

async function listen<Caller = undefined>(options: ListenWebSocketOptions<Caller> = {}) {
  const callers: Caller[] = []
  const waiting: ((transport: Transport) => void)[] = []
  const listener = await listenWebSocket<Caller>(
    {},
    (transport, caller) => {
      callers.push(caller)
      waiting.shift()?.(transport)
      cleanups.push(() => transport.close('the test is over', {deadlineMs: 1}))
    },
    options,
  )
  cleanups.push(() => listener.close())
  const next = () => new Promise<Transport>((resolve) => waiting.push(resolve))
  const {url, renewTls} = listener
  return {url, renewTls, port: Number(new URL(url).port), callers, next}
}

/** The status of the answer to an upgrade; 101 if it opens. */
function upgrade(url: string, headers: OutgoingHttpHeaders, options: ClientOptions = {}): Promise<number | undefined> {
  const webSocket = new WebSocket(url, {...options, headers: headers as Record<string, string>})
  cleanups.push(() => webSocket.terminate())
  webSocket.on('error', () => {})
  return new Promise((resolve) => {
    webSocket.on('open', () => resolve(101))
    webSocket.on('unexpected-response', (_request, {statusCode}) => resolve(statusCode))
  })
}

/** Unlike `fetch`, it sends any Host and Origin. */
async function get(
  url: string,
  headers: OutgoingHttpHeaders = {},
): Promise<{status: number | undefined; body: string}> {
  const isTls = url.startsWith('wss')
  const request = (isTls ? httpsRequest : httpRequest)(url.replace(/^ws/, 'http'), {
    headers,
    ca,
    servername: 'localhost',
    agent: false,
  }).end()
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  return {status: response.statusCode, body: await text(response)}
}

const page = {handleRequest: (_request, response) => void response.end('the page')} satisfies ListenWebSocketOptions

testTransport('a WebSocket over TLS, from the server,', async () => {
  const {url, next} = await listen({tls: selfSigned})
  const accepted = next()
  const webSocket = new WebSocket(url, {ca, perMessageDeflate: false})
  const [[response]] = (await Promise.all([once(webSocket, 'upgrade'), once(webSocket, 'open')])) as [
    [IncomingMessage],
    unknown,
  ]
  return [await accepted, createWebSocketTransport(webSocket, response.socket)]
})

describe('a request is refused', () => {
  const foreign = [
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'evil.example:80',
    'desk.test',
    'x@127.0.0.1',
  ]
  test.each(foreign)('with 421 for a Host that is not of this server: %j', async (host) => {
    const refused: number[] = []
    const {url} = await listen({token, ...page, onRefused: (status) => refused.push(status)})
    expect(await upgrade(url, {host, authorization})).toBe(421)
    expect((await get(url, {host})).status).toBe(421)
    expect(refused).toEqual([421, 421])
  })

  test('not for an IP address, localhost, or the name of the public URL', async () => {
    const {url, port} = await listen({token, ...page, publicUrl: new URL('https://desk.test')})
    for (const host of [`127.0.0.1:${port}`, 'localhost', 'LOCALHOST:1', '[::1]:7000', '10.0.0.7', 'desk.test']) {
      expect(await upgrade(url, {host, authorization})).toBe(101)
      expect(await get(url, {host})).toEqual({status: 200, body: 'the page'})
    }
  })

  test('with TLS, not for a name of the certificate', async () => {
    const {url} = await listen({...page, tls: selfSigned})
    expect((await get(url, {host: 'desk.test'})).status).toBe(200)
    expect((await get(url, {host: 'evil.test'})).status).toBe(421)
  })

  test('with 403 for an Origin that is not of this server', async () => {
    const {url, port} = await listen({token, ...page, publicUrl: new URL('https://desk.test')})
    const own = `127.0.0.1:${port}`
    const cases: [host: string, origin: string, isOwn: boolean][] = [
      [own, `http://${own}`, true],
      ['desk.test', 'https://desk.test', true],
      ['desk.test:443', 'https://desk.test', true],
      [own, `https://${own}`, false],
      ['desk.test', 'http://desk.test', false],
      [own, 'https://desk.test', false],
      [own, 'http://localhost:1', false],
      [own, `http://127.0.0.1:${port + 1}`, false],
      [own, `http://${own}.evil.example`, false],
      [own, 'null', false],
      [own, '', false],
    ]
    for (const [host, origin, isOwn] of cases) {
      expect(await upgrade(url, {host, origin, authorization}), origin).toBe(isOwn ? 101 : 403)
      expect((await get(url, {host, origin})).status, origin).toBe(isOwn ? 200 : 403)
    }
  })
})

test('a server may decide itself who connects, and gets that with the connection', async () => {
  const refused: (number | string | undefined)[] = []
  const {url, callers} = await listen<{name: string}>({
    authorize: ({headers}) => (headers.cookie === 'me' ? {caller: {name: 'phone'}} : {status: 401}),
    onRefused: (status, {url: path}) => refused.push(status, path),
  })
  expect(await upgrade(url, {cookie: 'you'})).toBe(401)
  expect(await upgrade(url, {cookie: 'me'})).toBe(101)
  expect(callers).toEqual([{name: 'phone'}])
  expect(refused).toEqual([401, '/'])
})

test('a client that does not trust the certificate is told how to', async () => {
  const {url} = await listen({tls: selfSigned})
  await expect(connectWebSocket(url)).rejects.toMatchObject({
    code: 'failed',
    message: expect.stringMatching(/does not trust its certificate; NODE_EXTRA_CA_CERTS=FILE does$/) as string,
  })
})

test('another certificate takes the place of the first, whose connections stay open', async () => {
  const {url, next, renewTls} = await listen({tls: selfSigned})
  const accepted = next()
  const before = new WebSocket(url, {ca})
  await once(before, 'open')
  renewTls(renewed)
  expect(await upgrade(url, {host: 'renewed.test'}, {ca: renewed.cert})).toBe(101)
  expect(await upgrade(url, {host: 'desk.test'}, {ca: renewed.cert})).toBe(421)
  ;(await accepted).write({jsonrpc: '2.0', method: 'still-here'})
  expect(String((await once(before, 'message'))[0])).toContain('still-here')
})

test.each([
  {cert: selfSigned.cert, key: renewed.key},
  {cert: 'half a cert', key: renewed.key},
  {cert: renewed.cert, key: ''},
])('a certificate that is none, or has another key, leaves the first in use: %#', async (tls) => {
  const {url, renewTls} = await listen({tls: selfSigned})
  expect(() => renewTls(tls)).toThrow(expect.objectContaining({name: 'SocketError', code: 'failed'}))
  expect(await upgrade(url, {host: 'desk.test'}, {ca})).toBe(101)
})

test('a certificate without its key is an error, and not shown', async () => {
  const tls = {cert: selfSigned.cert, key: 'no key'}
  await expect(listen({tls})).rejects.toMatchObject({
    name: 'SocketError',
    code: 'failed',
    message: expect.stringMatching(/^Expected a certificate and its key in PEM, got something else: /) as string,
  })
})

describe.each([
  ['HTTP', undefined],
  ['TLS', selfSigned],
] as const)('connections over %s', (_name, tls) => {
  async function open(port: number): Promise<Socket> {
    const socket = tls ? connectTls({port, host: '127.0.0.1', ca}) : connect({port, host: '127.0.0.1'})
    cleanups.push(() => socket.destroy())
    socket.on('error', () => {})
    await once(socket, tls ? 'secureConnect' : 'connect')
    return socket.resume()
  }

  test('end 10 s after they began without a whole request', async () => {
    vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout']})
    try {
      const {port} = await listen({tls, ...page})
      const socket = await open(port)
      const closed = once(socket, 'close')
      socket.write('GET / HTTP/1.1\r\nHost: ')
      await vi.advanceTimersByTimeAsync(9999)
      expect(socket.closed).toBe(false)
      await vi.advanceTimersByTimeAsync(1)
      await closed
    } finally {
      vi.useRealTimers()
    }
  })

  test('end 30 s after a request whose body does not end, or whose answer nobody reads', async () => {
    vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout']})
    try {
      const got = Promise.withResolvers<void>()
      const {port} = await listen({tls, handleRequest: () => got.resolve()})
      const socket = await open(port)
      const closed = once(socket, 'close')
      socket.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nx')
      await got.promise
      await vi.advanceTimersByTimeAsync(29_999)
      expect(socket.closed).toBe(false)
      await vi.advanceTimersByTimeAsync(1)
      await closed
    } finally {
      vi.useRealTimers()
    }
  })

  test('that were answered wait among those that have sent nothing yet, 16 at most', async () => {
    const {port, url} = await listen({tls, ...page})
    const sockets = await Promise.all(Array.from({length: 16}, () => open(port)))
    for (const socket of sockets) {
      const answer = once(socket, 'data')
      socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
      await answer
    }
    const idle = await Promise.all(Array.from({length: 16}, () => open(port)))
    // Node would end them after 5 s.
    await expect.poll(() => sockets.filter((socket) => !socket.closed), {timeout: 4000}).toEqual([])
    expect(await get(url)).toEqual({status: 200, body: 'the page'})
    expect(idle.filter((socket) => !socket.closed).length).toBeGreaterThanOrEqual(15)
  })

  test('end if their header is too long', async () => {
    const {port} = await listen({tls, ...page})
    const socket = await open(port)
    const answer = once(socket, 'data')
    socket.write(`GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(17_000)}`)
    expect(String(await answer)).toMatch(/^HTTP\/1.1 431 /)
    await once(socket, 'close')
  })
})
