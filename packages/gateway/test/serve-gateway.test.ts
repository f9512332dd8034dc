import {existsSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'

import {noBreadcrumbs} from '@holdfast/breadcrumbs'
import {homePaths, sessionPaths} from '@holdfast/event-log'
import {createSessionId, errorCodes} from '@holdfast/protocol'
import {createConnection, createMemoryPair, rpcErrorCodes} from '@holdfast/rpc'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'

import {serveGateway} from '../src/serve-gateway.ts'
import {createGatewayHome, isAlive, until, upTo, type GatewayHome, type TestClient} from './fixtures/gateway-home.ts'

let home: GatewayHome
beforeEach(() => void (home = createGatewayHome()))
afterEach(() => home[Symbol.asyncDispose]())

const delta = {type: 'message.delta', payload: {prompt_id: 'p', text: 'x'}} as const
const closed = {type: 'session.closed', payload: {reason: 'user'}} as const

const resume = ({peer}: TestClient, session_id: string, after_seq = 0) =>
  peer.request('session.resume', {session_id, after_seq})
const submit = ({peer}: TestClient, session_id: string, text: string, prompt_id = 'p') =>
  peer.request('prompt.submit', {session_id, prompt_id, text})
const textOf = ({events}: TestClient) =>
  events.map((event) => (event.type === 'message.delta' ? event.payload.text : '')).join('')

describe('sessions', () => {
  test('a new session is in its log before its id is returned', async () => {
    const client = home.connect()
    const {session_id} = (await client.peer.request('session.create', {cwd: '/tmp'})) as {session_id: string}
    expect(existsSync(sessionPaths(home.path, session_id).log)).toBe(true)
    expect(await client.peer.request('session.events', {session_id})).toMatchObject({
      latest_seq: 1,
      events: [{type: 'session.info', session_id, seq: 1}],
    })
    expect(home.starts()).toHaveLength(1)
  })

  test('repeated requests with one id create one session, even if its host died meanwhile', async () => {
    const session_id = createSessionId()
    for (const client of [home.connect(), home.connect()]) {
      expect(await client.peer.request('session.create', {session_id, cwd: '/tmp'})).toEqual({session_id})
      home.killHost()
    }
    const client = home.connect()
    expect(await client.peer.request('session.events', {session_id})).toMatchObject({latest_seq: 1})
  })

  test.each(['die before', 'die after'])(
    'the next host creates the session if the first one dies: %s',
    async (title) => {
      const {peer} = home.connect()
      const {session_id} = (await peer.request('session.create', {title})) as {session_id: string}
      expect(await peer.request('session.events', {session_id})).toMatchObject({latest_seq: 1})
    },
  )

  test('a session is not created after its hosts died three times', async () => {
    const {peer} = home.connect()
    await expect(peer.request('session.create', {title: 'die always'})).rejects.toMatchObject({
      code: errorCodes.hostUnavailable,
    })
    expect(home.hosts()).toHaveLength(3)
  })

  test('a request that is repeated when its session is closed gets the same answer, and creates nothing', async () => {
    const session_id = home.createSession(closed)
    expect(await home.connect().peer.request('session.create', {session_id})).toEqual({session_id})
    expect(home.starts()).toHaveLength(0)
  })

  test('a folder of sessions that cannot be read is an error with its path', async () => {
    const {sessions} = homePaths(home.path)
    rmSync(sessions, {recursive: true})
    symlinkSync('sessions', sessions)
    await expect(home.connect().peer.request('session.list')).rejects.toMatchObject({
      message: `${sessions} cannot be read (ELOOP)`,
    })
    rmSync(sessions)
  })

  test('a list has the state of each session', async () => {
    const client = home.connect()
    const [running, idle] = [home.createSession(), home.createSession()]
    const stopped = home.createSession({type: 'message.start', payload: {prompt_id: 'p', text: 'wait'}})
    const ended = home.createSession(closed)
    const unreadable = createSessionId()
    writeFileSync(sessionPaths(home.path, unreadable).log, 'not a log')
    await submit(client, running, 'wait')
    await submit(client, idle, 'print 1')
    const {sessions} = (await client.peer.request('session.list')) as {sessions: {id: string; state: string}[]}
    expect(Object.fromEntries(sessions.map(({id, state}) => [id, state]))).toEqual({
      [running]: 'running',
      [idle]: 'idle',
      [stopped]: 'stopped',
      [ended]: 'closed',
      [unreadable]: 'unreadable',
    })
  })

  test('a new home has an empty list', async () => {
    const [near, far] = createMemoryPair()
    serveGateway(far, {...home.options(), home: `${home.path}/new`})
    const messages: unknown[] = []
    near.listen({message: (message) => messages.push(message)})
    near.write({jsonrpc: '2.0', id: 1, method: 'session.list'})
    await until(() => expect(messages.at(-1)).toEqual({jsonrpc: '2.0', id: 1, result: {sessions: []}}))
    await near.close()
  })

  test('events are read without a host, even of a closed session, forwards and backwards', async () => {
    const client = home.connect()
    const session_id = home.createSession(delta, delta, delta, closed)
    const seqs = async (range: object) => {
      const answer = await client.peer.request('session.events', {session_id, ...range})
      return (answer as {events: {seq: number}[]}).events.map(({seq}) => seq)
    }
    expect(await seqs({})).toEqual([1, 2, 3, 4, 5])
    expect(await seqs({after_seq: 3})).toEqual([4, 5])
    expect(await seqs({after_seq: 1, limit: 2})).toEqual([2, 3])
    expect(await seqs({before_seq: 5, limit: 2})).toEqual([3, 4])
    expect(home.starts()).toEqual([])
  })

  test('requests for a missing or closed session are rejected without a host', async () => {
    const {peer} = home.connect()
    const missing = createSessionId()
    const over = home.createSession(closed)
    const requests = {
      'session.resume': {after_seq: 0},
      'session.input': {text: 'y'},
      'session.interrupt': {},
      'session.resize': {cols: 80, rows: 24},
      'prompt.submit': {prompt_id: 'p', text: 'make'},
      'prompt.withdraw': {prompt_id: 'p'},
    }
    for (const [method, params] of Object.entries(requests)) {
      await expect(peer.request(method, {session_id: missing, ...params})).rejects.toMatchObject({
        code: errorCodes.sessionNotFound,
      })
      await expect(peer.request(method, {session_id: over, ...params})).rejects.toMatchObject({
        code: errorCodes.sessionClosed,
        message: `Session ${over} is closed: open another one`,
      })
    }
    expect(await peer.request('session.close', {session_id: over})).toEqual({closed: false})
    expect(await peer.request('session.leave', {session_id: over})).toEqual({})
    expect(home.starts()).toEqual([])
  })

  test.each([
    ['session.create', {cwd: 'tmp'}, /cwd: Expected an absolute path/],
    ['session.resume', {session_id: '../../etc', after_seq: 0}, /session_id: Expected a session id/],
    ['prompt.submit', {prompt_id: 'p', text: 'ls'}, /session_id: Expected a session id.*got `undefined`/],
    ['prompt.submit', {session_id: {toString: {}}}, /session_id: Expected a session id.*got an object/],
  ])('invalid params of %s are rejected by name', async (method, params, message) => {
    const {peer} = home.connect()
    await expect(peer.request(method, params)).rejects.toMatchObject({
      code: rpcErrorCodes.invalidParams,
      message: expect.stringMatching(message),
    })
  })

  test('an unknown method is forwarded to the host of its session, which may be newer', async () => {
    const {peer} = home.connect()
    const methodNotFound = {code: rpcErrorCodes.methodNotFound}
    await expect(peer.request('plan.draw', {})).rejects.toMatchObject(methodNotFound)
    expect(home.starts()).toHaveLength(0)
    await expect(peer.request('plan.draw', {session_id: home.createSession()})).rejects.toMatchObject(methodNotFound)
    expect(home.starts()).toHaveLength(1)
  })

  test('a home must be absolute', () => {
    const [, far] = createMemoryPair()
    const options = {home: 'here', hostCommand: ['host'] as const, version: '1', breadcrumbs: noBreadcrumbs}
    expect(() => serveGateway(far, options)).toThrow('Expected `home` to be an absolute path, got `here`')
  })
})

describe('resuming', () => {
  test('responds first, then sends older events, then new ones', async () => {
    const session_id = home.createSession(delta, delta)
    const [near, far] = createMemoryPair()
    const gateway = serveGateway(far, home.options())
    const messages: {id?: number; method?: string; params?: {seq?: number}}[] = []
    near.listen({message: (message) => messages.push(message as (typeof messages)[0])})
    near.write({jsonrpc: '2.0', id: 1, method: 'session.resume', params: {session_id, after_seq: 1}})
    await until(() => expect(messages.at(-1)?.params?.seq).toBe(3))
    near.write({
      jsonrpc: '2.0',
      id: 2,
      method: 'prompt.submit',
      params: {session_id, prompt_id: 'q', text: 'print 1'},
    })
    await until(() => expect(messages).toHaveLength(8))
    const story = messages.map(({id, params}) => (id === undefined ? (params?.seq ?? 'ready') : `response ${id}`))
    expect(story.filter((each) => each !== 'response 2')).toEqual(['ready', 'response 1', 2, 3, 4, 5, 6])
    expect(messages[1]).toMatchObject({result: {latest_seq: 3, state: {session_id}}})
    await near.close()
    await gateway.closed
  })

  test('of several at once, the last one decides from where events are sent', async () => {
    const client = home.connect()
    const session_id = home.createSession(...Array.from({length: 8}, () => delta))
    await Promise.all([resume(client, session_id, 7), resume(client, session_id, 2), resume(client, session_id, 5)])
    await submit(client, session_id, 'print 1')
    await until(() => expect(client.seqs.at(-1)).toBe(12))
    expect(client.seqs).toEqual([6, 7, 8, 9, 10, 11, 12])
  })

  test('after leaving, neither the host nor the next one sends events', async () => {
    const client = home.connect()
    const other = home.connect()
    const session_id = home.createSession()
    await resume(client, session_id)
    await resume(other, session_id)
    await client.peer.request('session.leave', {session_id})
    home.killHost()
    await submit(other, session_id, 'print 3')
    await until(() => expect(other.seqs).toEqual(upTo(6)))
    await client.peer.request('session.resize', {session_id, cols: 80, rows: 24})
    expect(client.seqs).toEqual([1])
  })
})

describe('a host that dies', () => {
  test('is replaced, and its clients get the end of the run and all later events without a gap', async () => {
    const client = home.connect()
    const session_id = home.createSession()
    await resume(client, session_id)
    await submit(client, session_id, 'wait')
    home.killHost()
    await until(() => expect(client.events.at(-1)).toMatchObject({type: 'message.complete'}))
    expect(client.events.at(-1)?.payload).toMatchObject({prompt_id: 'p', status: 'interrupted'})
    await submit(client, session_id, 'print 2', 'q')
    await until(() => expect(client.seqs).toEqual(upTo(7)))
    expect(textOf(client)).toBe('1\n2\n')
    expect(new Set(home.hosts()).size).toBe(2)
    expect(client.ephemeral).toEqual([])
  })

  test('is replaced 3 times in 60 s, then the client is notified; a resume tries again', async () => {
    const client = home.connect()
    const session_id = home.createSession()
    await resume(client, session_id)
    for (let count = 1; count <= 4; count += 1) {
      await client.peer.request('session.resize', {session_id, cols: 80, rows: 24})
      expect(home.hosts()).toHaveLength(count)
      home.killHost()
    }
    await until(() => expect(client.ephemeral).toHaveLength(1))
    expect(client.ephemeral).toMatchObject([
      {type: 'session.unavailable', session_id, payload: {code: errorCodes.hostUnavailable}},
    ])
    expect(home.hosts()).toHaveLength(4)
    const starts = home.starts()
    await expect(submit(client, session_id, 'make')).rejects.toMatchObject({code: errorCodes.hostUnavailable})
    expect(home.starts()).toEqual(starts)

    await resume(client, session_id, 1)
    await submit(client, session_id, 'print 1')
    await until(() => expect(client.seqs).toEqual(upTo(4)))
  })

  test.each(['before', 'after'])(
    '%s it commits a prompt: the next one gets the prompt, which runs once',
    async (when) => {
      const client = home.connect()
      const session_id = home.createSession()
      await resume(client, session_id)
      expect(await submit(client, session_id, `die ${when}`)).toMatchObject({prompt_id: 'p'})
      await until(() => expect(client.events.at(-1)?.type).toBe('message.complete'))
      expect(client.events.filter(({type}) => type === 'message.start')).toHaveLength(1)
      expect(home.hosts()).toHaveLength(2)
    },
  )

  test('before it responds to input: the input is not sent again', async () => {
    const client = home.connect()
    const session_id = home.createSession()
    await resume(client, session_id)
    await expect(client.peer.request('session.input', {session_id, text: 'die'})).rejects.toMatchObject({
      code: errorCodes.hostUnavailable,
    })
    await client.peer.request('session.input', {session_id, text: 'y'})
    await until(() => expect(client.seqs).toEqual([1, 2, 3]))
    expect(client.events.slice(1).map(({payload}) => payload)).toMatchObject([{text: 'die'}, {text: 'y'}])
  })

  test('is replaced by one host, however many requests wait for it', async () => {
    const client = home.connect()
    const session_id = home.createSession()
    await resume(client, session_id)
    home.killHost()
    await Promise.all(upTo(20).map((number) => submit(client, session_id, 'print 1', `p${number}`)))
    await until(() => expect(client.seqs).toEqual(upTo(61)))
    expect(home.starts()).toHaveLength(2)
  })

  test('is replaced by one host for all gateways, and all clients see the same', async () => {
    const session_id = home.createSession()
    const clients = upTo(4).map(() => home.connect())
    await Promise.all(clients.map((client) => resume(client, session_id)))
    expect(home.hosts()).toHaveLength(1)
    home.killHost()
    await Promise.all(clients.map((client, index) => submit(client, session_id, 'print 1', `p${index}`)))
    for (const client of clients) await until(() => expect(client.seqs).toEqual(upTo(13)))
    expect(home.hosts()).toHaveLength(2)
  })
})

describe('a gateway that ends', () => {
  test('leaves hosts running, and the next gateway finds them', async () => {
    const first = home.connect()
    const session_id = home.createSession()
    await resume(first, session_id)
    await submit(first, session_id, 'wait')
    await first.gateway.close('enough')
    const second = home.connect()
    await resume(second, session_id, 1)
    await until(() => expect(second.seqs).toEqual([2]))
    expect(second.events.map(({type}) => type)).toEqual(['message.start'])
    expect(home.starts()).toHaveLength(1)
  })
})

describe('a slow client', () => {
  /** Wraps the gateway's end of a connection, so that its send queue looks full between `fill` and `empty`. */
  function createFullQueue() {
    let room = Promise.withResolvers<void>()
    let isFull = false
    return {
      fill: () => void (isFull = true),
      empty() {
        isFull = false
        room.resolve()
        room = Promise.withResolvers<void>()
      },
      wrap: (transport: Parameters<typeof serveGateway>[0]) => ({
        ...transport,
        get queuedBytes() {
          return isFull ? 5 * 1024 * 1024 : transport.queuedBytes
        },
        drained: () => (isFull ? room.promise : transport.drained()),
      }),
    }
  }

  /** Connects two clients that watch one session, the first of them with such a queue. */
  async function connectBoth() {
    const queue = createFullQueue()
    const slow = home.connect({wrap: queue.wrap})
    const quick = home.connect()
    const session_id = home.createSession()
    await resume(slow, session_id)
    await resume(quick, session_id)
    return {queue, slow, quick, session_id}
  }

  test('gets no events until it has caught up, then all, once and in order', async () => {
    const {queue, slow, quick, session_id} = await connectBoth()
    await submit(quick, session_id, 'print 10', 'a')
    await until(() => expect(slow.seqs).toEqual(upTo(13)))
    queue.fill()
    await submit(quick, session_id, 'print 2000', 'b')
    await until(() => expect(quick.seqs).toHaveLength(2015))
    expect(slow.seqs).toEqual(upTo(14))
    queue.empty()
    await until(() => expect(slow.seqs).toHaveLength(2015))
    expect(slow.seqs).toEqual(upTo(2015))
  })

  test('gets the end of a session whose host exited meanwhile, and no host is started for it', async () => {
    const {queue, slow, quick, session_id} = await connectBoth()
    queue.fill()
    await submit(quick, session_id, 'print 5')
    expect(await quick.peer.request('session.close', {session_id})).toEqual({closed: true})
    await until(() => expect(isAlive(home.host())).toBe(false))
    queue.empty()
    await until(() => expect(slow.events.at(-1)?.type).toBe('session.closed'))
    expect(slow.seqs).toEqual(upTo(9))
    await expect(submit(slow, session_id, 'make')).rejects.toMatchObject({code: errorCodes.sessionClosed})
    expect(home.starts()).toHaveLength(1)
  })
})

test('a client that did not watch a session starts no host after others closed it', async () => {
  const [idle, other] = [home.connect(), home.connect()]
  const session_id = home.createSession()
  await submit(idle, session_id, 'print 1')
  await other.peer.request('session.close', {session_id})
  await until(() => expect(isAlive(home.host())).toBe(false))
  await expect(submit(idle, session_id, 'make', 'q')).rejects.toMatchObject({code: errorCodes.sessionClosed})
  expect(home.starts()).toHaveLength(1)
})

test('the end of a session that its client closes is no failure in the crash log', async () => {
  const recorded: string[] = []
  const breadcrumbs = {record: (event: string) => void recorded.push(event), with: () => breadcrumbs, tail: () => []}
  const [near, far] = createMemoryPair()
  const gateway = serveGateway(far, {...home.options(), breadcrumbs})
  const peer = createConnection(near)
  await peer.request('session.close', {session_id: home.createSession()})
  await until(() => expect(isAlive(home.host())).toBe(false))
  await until(() => expect(recorded).toContain('connection-lost'))
  await peer.close()
  await gateway.closed
  expect(recorded).not.toContain('recovering')
  expect(recorded).not.toContain('gave-up')
})
