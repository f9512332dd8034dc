import {createSessionId, errorCodes, protocolVersion} from '@holdfast/protocol'
import {createConnection, createMemoryPair, RpcError} from '@holdfast/rpc'
import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest'

import {createClient} from '../src/create-client.ts'
import {openClient, output, settle, upTo, watch, type OpenClient} from './fixtures/open-client.ts'
import {collectUncaughtErrors} from './fixtures/uncaught-errors.ts'

// `settle` needs the real `setImmediate`.
beforeEach(() => void vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout', 'performance']}))
afterEach(() => void vi.useRealTimers())

const sleep = async (ms: number) => {
  await vi.advanceTimersByTimeAsync(ms)
  await settle()
}

/** Kills the gateway, and keeps the next one alive until the restart budget is full again. */
async function killOnce({gateway, client}: OpenClient) {
  gateway.kill()
  await sleep(61_000)
  expect(client.status.kind).toBe('live')
}

/** Makes all restarts fail. */
async function exhaust({gateway, client}: OpenClient) {
  gateway.scriptStarts(...Array.from({length: 3}, () => new Error('no memory')))
  gateway.kill()
  await sleep(3000)
  expect(client.status.kind).toBe('gave-up')
}

describe('the connection', () => {
  test('opens with the first request', async () => {
    const {gateway, client, statuses} = openClient()
    await settle()
    expect(gateway.instances).toBe(0)
    await client.request('gateway.ping', {})
    expect(gateway.instances).toBe(1)
    expect(statuses).toEqual(['starting', 'live'])
  })

  test('is opened again at once when the gateway crashes', async () => {
    const opened = openClient()
    await opened.client.request('gateway.ping', {})
    await killOnce(opened)
    expect(opened.statuses).toEqual(['starting', 'live', 'recovering', 'live'])
  })

  test('while it recovers, the client only resumes sessions', async () => {
    const opened = openClient()
    const {gateway} = opened
    const {id, session} = await watch(opened)
    const other = await watch(opened)
    gateway.script('prompt.submit', ...Array<'silence'>(20).fill('silence'))
    const inFlight = upTo(20).map((number) => session.submit(`in flight ${number}`, {promptId: `p${number}`}))
    await settle()
    gateway.kill()
    const during = session.submit('during', {promptId: 'q'})
    await Promise.all([...inFlight, during])

    const second = gateway.requests.filter(({instance}) => instance === 2)
    expect(gateway.instances).toBe(2)
    expect(second.slice(0, 2).map(({method, params}) => [method, params['session_id']])).toEqual([
      ['session.resume', id],
      ['session.resume', other.id],
    ])
    expect(second.slice(2).map(({method}) => method)).toEqual(Array(21).fill('prompt.submit'))
    expect([...gateway.runs].sort()).toEqual([...upTo(20).map((number) => `p${number}`), 'q'].sort())
  })

  test('a request that finds it broken waits for the next one', async () => {
    const opened = openClient()
    const {gateway, client} = opened
    let isBroken = false
    gateway.wrap = (transport) => ({
      ...transport,
      get queuedBytes() {
        return transport.queuedBytes
      },
      write: (message) => !isBroken && transport.write(message),
    })
    await client.request('gateway.ping', {})
    isBroken = true
    const pinging = client.request('gateway.ping', {})
    await settle()
    isBroken = false
    gateway.kill()
    expect(await pinging).toEqual({})
    expect(gateway.instances).toBe(2)
  })

  test('input, an interrupt, a creation without an id, a login and a fresh start are never sent twice', async () => {
    const opened = openClient()
    const {gateway, client} = opened
    const {session} = await watch(opened)
    const attempts = {
      'session.input': () => session.input(new TextEncoder().encode('y\n')),
      'session.interrupt': () => session.interrupt(),
      'session.create': () => client.request('session.create', {cwd: '/'}),
      'agent.restart': () => session.restartAgent({fresh: true}),
      'agent.login': () => session.loginAgent('key'),
    } as const
    for (const [method, attempt] of Object.entries(attempts)) {
      gateway.script(method as keyof typeof attempts, 'crash-after')
      await expect(attempt()).rejects.toMatchObject({name: 'PeerGoneError'})
      await sleep(61_000)
      expect(gateway.requestsOf(method)).toHaveLength(1)
    }
    expect(gateway.instances).toBe(6)
  })

  test.each(['crash-before', 'crash-after'] as const)(
    'createSession creates one session after a %s',
    async (script) => {
      const {gateway, client} = openClient()
      gateway.script('session.create', script, script)
      const made = client.createSession({cwd: '/'})
      await sleep(3000)
      const [first, ...others] = gateway.requestsOf('session.create')
      expect(others).toEqual([first, first])
      expect(await made).toBe(first?.['session_id'])
      expect(gateway.events(await made)).toHaveLength(1)
    },
  )

  test('createSession uses the id of the caller', async () => {
    const {gateway, client} = openClient()
    const session_id = createSessionId()
    expect(await client.createSession({session_id})).toBe(session_id)
    expect(gateway.events(session_id)).toHaveLength(1)
  })

  test('gives up after 3 restarts in a minute; `retry` resumes the same session', async () => {
    const opened = openClient()
    const {gateway, client} = opened
    const {id, session, statuses, seqs} = await watch(opened)
    await exhaust(opened)
    expect(gateway.instances).toBe(4)
    expect(statuses).toEqual([
      {kind: 'live'},
      {kind: 'recovering', attempt: 1, of: 3},
      {kind: 'recovering', attempt: 2, of: 3},
      {kind: 'recovering', attempt: 3, of: 3},
      {kind: 'gave-up', reason: 'no memory', stderr: []},
    ])
    await expect(session.interrupt()).rejects.toMatchObject({name: 'RecoveryError', code: 'gave-up'})

    gateway.append(id, output('meanwhile'))
    client.retry()
    expect(session.status).toEqual({kind: 'starting'})
    await settle()
    expect(session.status).toEqual({kind: 'live'})
    expect(seqs).toEqual([1, 2])
    expect(await session.submit('make')).toMatchObject({status: 'running'})
  })

  test('a gateway with another protocol version is not started again', async () => {
    const {gateway, client} = openClient()
    gateway.scriptStarts({greeting: {type: 'gateway.ready', payload: {protocol: 99, version: '9.0.0'}}})
    await expect(client.request('gateway.ping', {})).rejects.toMatchObject({
      code: 'gave-up',
      cause: {name: 'GatewayMismatchError', message: expect.stringContaining(`speaks ${protocolVersion}:`)},
    })
    await sleep(100_000)
    expect(gateway.instances).toBe(1)
  })

  test('a gateway that sends no greeting is started again', async () => {
    const {gateway, client} = openClient()
    gateway.scriptStarts('silence')
    const pinging = client.request('gateway.ping', {})
    await sleep(9999)
    expect(gateway.instances).toBe(1)
    await sleep(1)
    expect(await pinging).toEqual({})
    expect(gateway.instances).toBe(2)
  })

  test('close ends every session here, and starts nothing again', async () => {
    const opened = openClient()
    const {gateway, client} = opened
    const {session, statuses} = await watch(opened)
    await client.close('enough')
    await sleep(100_000)
    expect(statuses.at(-1)).toEqual({kind: 'ended', reason: 'enough'})
    expect(client.status).toEqual({kind: 'closed', reason: 'enough'})
    await expect(session.submit('make')).rejects.toMatchObject({name: 'RecoveryError', code: 'closed'})
    expect(gateway.instances).toBe(1)
    expect(gateway.requestsOf('session.close')).toEqual([])
  })

  test('close leaves no timer', async () => {
    const opened = openClient()
    await watch(opened)
    await killOnce(opened)
    await opened.client.close()
    await settle()
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('events', () => {
  test('arrive once and in order through any number of crashes', async () => {
    const opened = openClient()
    const {gateway} = opened
    const {id, session, seqs} = await watch(opened)
    for (let crash = 1; crash <= 20; crash += 1) {
      // These arrive before the crash, the prompt below after it.
      gateway.append(id, ...upTo(crash % 4).map((number) => output(`shown ${number}`)))
      if (crash % 3 === 0) await settle()
      gateway.kill()
      gateway.append(id, {type: 'prompt.queued', payload: {prompt_id: `p${crash}`, text: 'make', position: 0}})
      await sleep(61_000)
    }
    expect(gateway.instances).toBe(21)
    expect(seqs).toEqual(upTo(gateway.events(id).length))
    expect(session.state).toEqual(gateway.state(id))
  })

  test('each resume asks for the events after the last one that arrived', async () => {
    const opened = openClient()
    const {gateway} = opened
    const {id} = await watch(opened)
    gateway.append(id, output('a'), output('b'))
    await settle()
    await killOnce(opened)
    gateway.append(id, output('c'))
    await settle()
    await killOnce(opened)
    expect(gateway.requestsOf('session.resume').map((params) => params['after_seq'])).toEqual([0, 3, 4])
  })

  test('a first resume is sent again when its answer was lost', async () => {
    const opened = openClient()
    opened.gateway.script('session.resume', 'crash-after', 'crash-before')
    const watching = watch(opened)
    await sleep(1000)
    const {seqs, session} = await watching
    expect(seqs).toEqual([1])
    expect(session.status).toEqual({kind: 'live'})
    expect(opened.gateway.instances).toBe(3)
  })

  test('repetitions, events of other sessions and other messages change nothing', async () => {
    const opened = openClient()
    const {gateway, warnings} = opened
    const {id, seqs} = await watch(opened)
    const stranger = gateway.createSession()
    gateway.append(id, output('a'))
    for (const event of [...gateway.events(id), ...gateway.events(stranger)]) gateway.say(event)
    gateway.say({no: 'event'})
    gateway.say({type: 'gateway.ready', payload: {protocol: protocolVersion, version: '1.0.0'}})
    gateway.append(id, output('b'))
    await settle()
    expect(seqs).toEqual([1, 2, 3])
    expect(warnings).toEqual([expect.stringContaining('An event of the gateway cannot be read')])
  })

  test('an unreadable event keeps its place, and the session continues', async () => {
    const opened = openClient()
    const {gateway, warnings} = opened
    const wires: unknown[] = []
    const {id, types} = await watch(opened, {onEvent: (_event, wire) => wires.push(wire)})
    const newer = {type: 'session.painted', payload: {color: 'red'}}
    const broken = {type: 'message.delta', payload: {prompt_id: 7}}
    gateway.append(id, newer as never, broken as never, output('on'))
    await settle()
    await killOnce(opened)
    expect(types).toEqual(['session.info', 'unknown', 'unknown', 'message.delta'])
    expect(wires).toEqual(gateway.events(id))
    expect(warnings).toEqual([expect.stringMatching(/^Event 3 \(`message.delta`\) cannot be read: prompt_id: /)])
  })

  test.each([[undefined], [errorCodes.hostUnavailable]])(
    'a list that lacks sessions calls `onWarning` with a message and the code %s',
    async (incomplete_code) => {
      const warnings: unknown[] = []
      const incomplete = 'Machine box does not answer: what it has may be missing'
      const gateway = {
        connect: async () => {
          const [near, far] = createMemoryPair()
          const peer = createConnection(far, {
            handlers: {'session.list': () => ({sessions: [], incomplete, incomplete_code})},
          })
          peer.notify('event', {type: 'gateway.ready', payload: {protocol: protocolVersion, version: '1.0.0'}})
          return near
        },
      }
      const client = createClient({gateway, onWarning: (...warning) => warnings.push(warning)})
      expect(await client.listSessions()).toEqual([])
      expect(warnings).toEqual([[incomplete, incomplete_code]])
      await client.close()
    },
  )

  test('a gap makes the client resume', async () => {
    const opened = openClient()
    const {gateway} = opened
    const {id, seqs} = await watch(opened)
    gateway.say({...output('d'), session_id: id, seq: 5, at: 1})
    gateway.append(id, output('a'), output('b'))
    await settle()
    expect(seqs).toEqual([1, 2, 3])
    expect(gateway.requestsOf('session.resume').map((params) => params['after_seq'])).toEqual([0, 1])
  })

  test('an error of a callback is an uncaught exception, and the client continues', async () => {
    using uncaught = collectUncaughtErrors()
    const opened = openClient()
    const {gateway} = opened
    const fail = (what: string) => () => {
      throw new Error(what)
    }
    const client = createClient({gateway, onStatus: fail('client status'), onWarning: fail('warning')})
    const id = gateway.createSession()
    const session = await client.openSession(id, {onEvent: fail('event'), onStatus: fail('status')})
    const other = await watch({...opened, client})
    gateway.kill()
    await settle()
    expect(other.statuses.map(({kind}) => kind)).toEqual(['live', 'recovering', 'live'])
    gateway.say({no: 'event'})
    gateway.append(id, {type: 'session.closed', payload: {reason: 'user'}})
    await settle()
    expect(session.status).toEqual({kind: 'ended', reason: 'user'})
    expect(session.lastSeq).toBe(2)
    expect([...new Set(uncaught.messages)].sort()).toEqual(['client status', 'event', 'status', 'warning'])
    expect(uncaught.messages.filter((message) => message === 'event')).toHaveLength(2)
  })
})

describe('openSession that rejects', () => {
  test('leaves nothing behind', async () => {
    const opened = openClient()
    const {gateway, client} = opened
    const id = gateway.createSession()
    gateway.script('session.resume', new RpcError(errorCodes.hostUnavailable, 'no host'))
    await expect(client.openSession(id, {})).rejects.toMatchObject({code: errorCodes.hostUnavailable})
    await killOnce(opened)
    expect(gateway.requestsOf('session.resume')).toHaveLength(1)
    expect((await watch(opened, {id})).seqs).toEqual([1])
  })

  test('opens a session once at a time', async () => {
    const opened = openClient()
    const {id} = await watch(opened)
    await expect(opened.client.openSession(id, {})).rejects.toThrow(`Session ${id} is already open in this client`)
  })
})
