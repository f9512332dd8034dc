import {once} from 'node:events'
import {request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders} from 'node:http'
import {request as httpsRequest} from 'node:https'
import {text} from 'node:stream/consumers'

import {openAccessStore, type AccessStore, type NewCode} from '@holdfast/access'
import type {Breadcrumbs} from '@holdfast/breadcrumbs'
import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest'
import {WebSocket} from 'ws'

import {selfSigned} from '../../../tooling/vitest/self-signed.ts'
import {listenGateway, type GatewayListener, type ListenGatewayOptions} from '../src/listen-gateway.ts'
import {createGatewayHome, type GatewayHome} from './fixtures/gateway-home.ts'

const token = 'a-token-of-the-test'
const authorization = `Bearer ${token}`
const day = 86_400_000
let home: GatewayHome
let access: AccessStore
let at: number
let recorded: [event: string, facts?: Record<string, unknown>][]
const cleanups: (() => unknown)[] = []
beforeEach(() => {
  home = createGatewayHome()
  at = Date.now()
  access = openAccessStore(`${home.path}/access.db`, {now: () => at})
  recorded = []
})
afterEach(async () => {
  for (const cleanUp of cleanups.splice(0).toReversed()) await cleanUp()
  access.close()
  await home[Symbol.asyncDispose]()
})

interface Answer {
  status: number | undefined
  headers: IncomingMessage['headers']
  body: Record<string, unknown>
}

/** A server, and a browser that looks at a page of it. */
interface Site {
  listener: GatewayListener
  post(path: string, body?: object | string, headers?: OutgoingHttpHeaders): Promise<Answer>
  get(path: string, headers?: OutgoingHttpHeaders): Promise<Answer>
  /** Pairs a device and returns its cookie. */
  pair(name: string, code?: Partial<NewCode>): Promise<string>
  open(headers: OutgoingHttpHeaders): Promise<OpenSocket | number | undefined>
}

interface OpenSocket {
  webSocket: WebSocket
  /** The first message. */
  greeting: {params: {payload: object}}
  closed: Promise<string>
}

async function listen(options: Partial<ListenGatewayOptions> = {}): Promise<Site> {
  const {hostCommand, version} = home.options()
  const breadcrumbs: Breadcrumbs = {
    record: (event, facts) => void recorded.push([event, facts as Record<string, unknown>]),
    with: () => breadcrumbs,
    tail: () => [],
  }
  const listener = await listenGateway(
    {},
    {home: home.path, hostCommand, version, breadcrumbs, token, access, ...options},
  )
  cleanups.push(() => listener.close('the test is over'))
  const url = listener.url.replace(/^ws/, 'http')
  const ask = async (method: string, path: string, body: string | undefined, headers: OutgoingHttpHeaders) => {
    const send = options.tls ? httpsRequest : httpRequest
    const request = send(`${url}${path}`, {method, headers, ca: selfSigned.cert, agent: false}).end(body)
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    const answer = await text(response)
    const parsed = response.headers['content-type'] === 'application/json' ? (JSON.parse(answer) as object) : {}
    return {status: response.statusCode, headers: response.headers, body: parsed as Record<string, unknown>}
  }
  const site: Site = {
    listener,
    get: (path, headers = {}) => ask('GET', path, undefined, headers),
    post(path, body, headers = {}) {
      const sent = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
      return ask('POST', path, sent, {origin: url, 'content-type': 'application/json', ...headers})
    },
    async pair(name, code) {
      const made = access.createCode({isReadOnly: false, deviceMs: 7 * day, ...code})
      const {status, headers} = await site.post('/pair', {code: made.code, name})
      expect(status).toBe(200)
      return headers['set-cookie']?.[0]?.split(';')[0] ?? ''
    },
    async open(headers) {
      const webSocket = new WebSocket(listener.url, {headers: headers as Record<string, string>, ca: selfSigned.cert})
      cleanups.push(() => webSocket.terminate())
      webSocket.on('error', () => {})
      const refused = once(webSocket, 'unexpected-response').then(
        ([, {statusCode}]) => (statusCode as number | undefined) ?? 0,
      )
      const greeted = once(webSocket, 'message').then(([data]): OpenSocket => ({
        webSocket,
        greeting: JSON.parse(String(data)) as OpenSocket['greeting'],
        closed: once(webSocket, 'close').then(([, reason]) => String(reason)),
      }))
      return await Promise.race([refused, greeted])
    },
  }
  return site
}

async function opened(opening: Promise<OpenSocket | number | undefined>): Promise<OpenSocket> {
  const result = await opening
  if (typeof result !== 'object') throw new Error(`Expected an open socket, got status ${result}`)
  return result
}

test('a one-time code gives a device a cookie, by which it connects under its name', async () => {
  const {listener, post, get, open} = await listen()
  const port = new URL(listener.url).port
  const origin = `http://127.0.0.1:${port}`
  const {code} = access.createCode({isReadOnly: true, deviceMs: 7 * day})
  const paired = await post('/pair', {code, name: 'phone'})
  expect(paired).toMatchObject({
    status: 200,
    body: {name: 'phone', read_only: true, expires_at: at + 7 * day},
    headers: {'cache-control': 'no-store'},
  })
  const [setCookie = ''] = paired.headers['set-cookie'] ?? []
  expect(setCookie).toMatch(
    new RegExp(`^holdfast-${port}=[\\w-]{43}; Path=/; Max-Age=604800; HttpOnly; SameSite=Strict$`),
  )
  const cookie = setCookie.split(';')[0]!
  expect((await get('/device', {cookie})).body).toEqual(paired.body)
  const {greeting} = await opened(open({cookie, origin}))
  expect(greeting.params.payload).toMatchObject({client: 'phone', read_only: true})

  expect((await post('/pair', {code, name: 'phone'})).status).toBe(403)
  expect(recorded).toMatchObject([
    ['device-paired', {device: 'phone', read_only: true, address: '127.0.0.1'}],
    ['client-connected', {client: 'phone', read_only: true}],
    ['pairing-refused', {address: '127.0.0.1', reason: 'wrong code'}],
  ])
  for (const secret of [code, cookie.split('=')[1]!]) expect(JSON.stringify(recorded)).not.toContain(secret)
})

test('a wrong, a used and an expired code get the same answer', async () => {
  const {post, pair} = await listen()
  const [used, expired] = [1, 2].map(() => access.createCode({isReadOnly: false, deviceMs: day}).code)
  await post('/pair', {code: used, name: 'phone'})
  at += 300_000
  const answers = await Promise.all([used, expired, 'AAAA-AAAA', ''].map((code) => post('/pair', {code, name: 'x'})))
  expect(new Set(answers.map(({status}) => status))).toEqual(new Set([403]))
  expect(new Set(answers.map(({body}) => body['error'])).size).toBe(1)
  expect(await pair('another')).not.toBe('')
})

test('a device connects although that cannot be noted; what it deletes is in the crash log', async () => {
  const {listener, pair, open} = await listen()
  const cookie = await pair('phone')
  access.markSeen = () => {
    throw new Error('database or disk is full')
  }
  const {webSocket} = await opened(open({cookie, origin: listener.url.replace(/^ws/, 'http')}))
  expect(recorded).toContainEqual(['access-failed', {message: 'database or disk is full'}])
  const session = home.createSession()
  const answered = once(webSocket, 'message')
  webSocket.send(JSON.stringify({jsonrpc: '2.0', id: 1, method: 'session.delete', params: {session_id: session}}))
  expect(JSON.parse(String(await answered.then(([data]) => data as unknown)))).toMatchObject({id: 1, result: {}})
  expect(recorded).toContainEqual(['session-deleted', {session, client: 'phone'}])
})

describe('without a credential that fits', () => {
  test('there is no way in, on loopback too', async () => {
    const {listener, get, open} = await listen()
    const origin = listener.url.replace('ws', 'http')
    const port = new URL(listener.url).port
    for (const headers of [
      {},
      {authorization: 'Bearer another'},
      {authorization: `Basic ${token}`},
      {cookie: `holdfast-${port}=${'x'.repeat(43)}`, origin},
      {cookie: `holdfast-${port}=`, origin},
      {cookie: `holdfast-${port}=${token}`, origin},
    ]) {
      expect(await open(headers)).toBe(401)
      expect((await get('/device', headers)).status).toBe(401)
    }
    expect(recorded.every(([event, facts]) => event === 'client-refused' && facts?.['reason'] === 'credential')).toBe(
      true,
    )
    expect((await get('/device', {authorization})).body).toEqual({name: 'token', read_only: false})
  })

  test('a cookie does not count without the Origin of this server, or beside a wrong token', async () => {
    const {listener, open, pair} = await listen()
    const cookie = await pair('phone')
    const origin = listener.url.replace('ws', 'http')
    expect(await open({cookie})).toBe(403)
    expect(await open({cookie, origin: 'https://evil.example'})).toBe(403)
    expect(await open({cookie, origin, authorization: 'Bearer another'})).toBe(401)
    expect(await open({cookie: `${cookie}x`, origin})).toBe(401)
    await opened(open({cookie: `other=1; ${cookie}; more=2`, origin}))
  })
})

describe('a request to pair is refused', () => {
  test('unless it is a small JSON object that a page of this server posts', async () => {
    const {get, post} = await listen()
    const {code} = access.createCode({isReadOnly: false, deviceMs: day})
    const body = {code, name: 'phone'}
    expect(await get('/pair')).toMatchObject({status: 405, headers: {allow: 'POST'}})
    const origins = {origin: 'https://evil.example'}
    expect((await post('/pair', body, origins)).status).toBe(403)
    expect((await post('/pair', body, {'content-type': 'text/plain'})).status).toBe(415)
    expect((await post('/pair', {...body, padding: 'x'.repeat(1000)})).status).toBe(413)
    for (const wrong of ['', 'no json', '[]', '{"code":1}']) expect((await post('/pair', wrong)).status).toBe(400)
    expect(access.devices()).toEqual([])
  })

  test('without an Origin, as browsers send it', async () => {
    const {listener} = await listen()
    for (const path of ['pair', 'unpair']) {
      const request = httpRequest(`${listener.url.replace('ws', 'http')}/${path}`, {method: 'POST'}).end('{}')
      const [response] = (await once(request, 'response')) as [IncomingMessage]
      expect(response.resume().statusCode).toBe(403)
    }
  })

  test('with 429 after ten attempts of an address, while devices that are paired stay connected', async () => {
    const {listener, open, post, pair} = await listen()
    const cookie = await pair('phone')
    const origin = listener.url.replace('ws', 'http')
    const {webSocket} = await opened(open({cookie, origin}))
    const answers: Answer[] = []
    for (let count = 0; count < 200; count++) answers.push(await post('/pair', {code: 'AAAA-AAAA', name: 'x'}))
    expect(answers.filter(({status}) => status === 403).length).toBeLessThan(12)
    const limited = answers.filter(({status}) => status === 429)
    expect(limited.length).toBeGreaterThan(180)
    expect(Number(limited[0]?.headers['retry-after'])).toBeGreaterThan(0)
    webSocket.send('{"jsonrpc":"2.0","id":1,"method":"gateway.ping"}')
    expect(String((await once(webSocket, 'message'))[0])).toContain('"result":{}')
    await opened(open({cookie, origin}))
  })
})

describe('a connected device is disconnected', () => {
  test('within a second after another process has revoked it, and cannot connect again', async () => {
    const {listener, open, pair} = await listen()
    const origin = listener.url.replace('ws', 'http')
    const [phone, tablet] = [await pair('phone'), await pair('tablet')]
    vi.useFakeTimers({toFake: ['setInterval', 'clearInterval']})
    cleanups.push(() => vi.useRealTimers())
    const [one, other] = [await opened(open({cookie: phone, origin})), await opened(open({cookie: tablet, origin}))]
    const another = openAccessStore(`${home.path}/access.db`)
    another.revoke('phone')
    another.close()
    vi.advanceTimersByTime(999)
    expect(await one.closed).toBe('this device was revoked or has expired')
    expect(await open({cookie: phone, origin})).toBe(401)
    other.webSocket.send('{"jsonrpc":"2.0","id":1,"method":"gateway.ping"}')
    expect(String((await once(other.webSocket, 'message'))[0])).toContain('"result":{}')
  })

  test('when it expires', async () => {
    const {listener, open, pair} = await listen()
    const cookie = await pair('phone')
    const {closed} = await opened(open({cookie, origin: listener.url.replace('ws', 'http')}))
    at += 7 * day
    expect(await closed).toBe('this device was revoked or has expired')
  })

  test('when it unpairs itself; its cookie is removed', async () => {
    const {listener, open, post, pair} = await listen()
    const cookie = await pair('phone')
    const {closed} = await opened(open({cookie, origin: listener.url.replace('ws', 'http')}))
    const answer = await post('/unpair', undefined, {cookie})
    expect(answer.status).toBe(204)
    expect(answer.headers['set-cookie']?.[0]).toMatch(/^holdfast-\d+=; Path=\/; Max-Age=0; HttpOnly; SameSite=Strict$/)
    await closed
    expect((await post('/unpair', undefined, {cookie})).status).toBe(401)
    expect((await post('/unpair', undefined, {authorization})).status).toBe(401)
    expect(recorded).toContainEqual(['device-revoked', {device: 'phone', by: 'itself'}])
  })
})

test('a server that is read-only makes everybody a reader', async () => {
  const {open, post} = await listen({isReadOnly: true})
  const {code} = access.createCode({isReadOnly: false, deviceMs: day})
  expect((await post('/pair', {code, name: 'phone'})).body).toMatchObject({read_only: true})
  const {greeting} = await opened(open({authorization}))
  expect(greeting.params.payload).toMatchObject({client: 'token', read_only: true})
})

test('over TLS, the cookie is for this host and for TLS only', async () => {
  const {listener, open, pair, post} = await listen({tls: selfSigned})
  const {code} = access.createCode({isReadOnly: false, deviceMs: day})
  const [cookie = ''] = (await post('/pair', {code, name: 'phone'})).headers['set-cookie'] ?? []
  expect(cookie).toMatch(/^__Host-holdfast-\d+=.*; HttpOnly; SameSite=Strict; Secure$/)
  await opened(open({cookie: await pair('tablet'), origin: listener.url.replace('wss', 'https')}))
})

test('behind a proxy with TLS, the cookie is for TLS, and the limit is for the clients of the proxy', async () => {
  const {post, open} = await listen({publicUrl: new URL('https://desk.test')})
  const proxied = {host: 'desk.test', origin: 'https://desk.test'}
  const from = (address: string) => ({...proxied, 'x-forwarded-for': `6.6.6.6, ${address}`})
  const {code} = access.createCode({isReadOnly: false, deviceMs: day})
  for (let count = 0; count < 11; count++) await post('/pair', {code: 'AAAA-AAAA', name: 'x'}, from('1.2.3.4'))
  expect((await post('/pair', {code, name: 'phone'}, from('1.2.3.4'))).status).toBe(429)
  const paired = await post('/pair', {code, name: 'phone'}, from('5.6.7.8'))
  const [cookie = ''] = paired.headers['set-cookie'] ?? []
  expect(cookie).toMatch(/^__Host-holdfast=.*; Secure$/)
  await opened(open({...proxied, cookie: cookie.split(';')[0]!}))
  expect(recorded).toContainEqual(['device-paired', {device: 'phone', read_only: false, address: '5.6.7.8'}])
})
