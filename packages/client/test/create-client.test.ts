import {createSessionId, errorCodes, protocolVersion} from '@holdfast/protocol'
import {RpcError} from '@holdfast/rpc'
import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest'

import {createClient} from '../src/create-client.ts'
import {openClient, output, settle, upTo, watch, type OpenClient} from './fixtures/open-client.ts'
import {collectUncaughtErrors} from './fixtures/uncaught-errors.ts'

// `setImmediate` stays real: it tells when all that needs no time has happened.
beforeEach(() => void vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout', 'performance']}))
afterEach(() => void vi.useRealTimers())

const sleep = async (ms: number) => {
  await vi.advanceTimersByTimeAsync(ms)
  await settle()
}

/** Kills the gateway, and lets the next one live so long that its death would be the first again. */
async function killOnce({gateway, client}: OpenClient) {
  gateway.kill()
  await sleep(61_000)
  expect(client.status.kind).toBe('live')
}

/** Makes all restarts of the budget fail. */
async function exhaust({gateway, client}: OpenClient) {
  gateway.scriptStarts(...Array.from({length: 3}, () => new Error('no memory')))
  gateway.kill()
  await sleep(3000)
  expect(client.status.kind).toBe('gave-up')
}

describe('the line', () => {
  test('the gateway is started by the first request, and not before', async () => {
    const {gateway, client, lines} = openClient()
    await settle()
    expect(gateway.lives).toBe(0)
    await client.request('gateway.ping', {})
    expect(gateway.lives).toBe(1)
    expect(lines).toEqual(['starting', 'live'])
  })

  test('a gateway that died is started again at once', async () => {
    const opened = openClient()
    await opened.client.request('gateway.ping', {})
    await killOnce(opened)
    expect(opened.lines).toEqual(['starting', 'live', 'recovering', 'live'])
  })

  test('while it recovers, nothing is sent but the resuming of sessions', async () => {
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

    const second = gateway.requests.filter(({life}) => life === 2)
    expect(gateway.lives).toBe(2)
    expect(second.slice(0, 2).map(({method, params}) => [method, params['session_id']])).toEqual([
      ['session.resume', id],
      ['session.resume', other.id],
    ])
    expect(second.slice(2).map(({method}) => method)).toEqual(Array(21).fill('prompt.submit'))
    expect([...gateway.runs].sort()).toEqual([...upTo(20).map((number) => `p${number}`), 'q'].sort())
  })

  test('a request that finds the line broken before its end is told waits for the next one', async () => {
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
    expect(gateway.lives).toBe(2)
  })

  test('input, an interrupt and the making of a session without an id are never sent twice', async () => {
    const opened = openClient()
    const {gateway, client} = opened
    const {session} = await watch(opened)
    const attempts = {
      'session.input': () => session.input(new TextEncoder().encode('y\n')),
      'session.interrupt': () => session.interrupt(),
      'session.create': () => client.request('session.create', {cwd: '/'}),
    } as const
    for (const [method, attempt] of Object.entries(attempts)) {
      gateway.script(method as keyof typeof attempts, 'die-after')
      await expect(attempt()).rejects.toMatchObject({name: 'PeerGoneError'})
      await sleep(61_000)
      expect(gateway.requestsOf(method)).toHaveLength(1)
    }
    expect(gateway.lives).toBe(4)
  })

  test.each(['die-before', 'die-after'] as const)(
    'a session is made once, whether its gateway died before or after it: %s',
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

  test('a session is made under the id that its maker chose', async () => {
    const {gateway, client} = openClient()
    const session_id = createSessionId()
    expect(await client.createSession({session_id})).toBe(session_id)
    expect(gateway.events(session_id)).toHaveLength(1)
  })

  test('gives up after 3 restarts in a minute; `retry` brings the same session back', async () => {
    const opened = openClient()
    const {gateway, client} = opened
    const {id, session, statuses, seqs} = await watch(opened)
    await exhaust(opened)
    expect(gateway.lives).toBe(4)
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

  test('a gateway of another protocol is not tried again', async () => {
    const {gateway, client} = openClient()
    gateway.scriptStarts({greeting: {type: 'gateway.ready', payload: {protocol: 99, version: '9.0.0'}}})
    await expect(client.request('gateway.ping', {})).rejects.toMatchObject({
      code: 'gave-up',
      cause: {name: 'GatewayMismatchError', message: expect.stringContaining(`speaks ${protocolVersion}:`)},
    })
    await sleep(100_000)
    expect(gateway.lives).toBe(1)
  })

  test('a gateway that does not greet is one that did not start', async () => {
    const {gateway, client} = openClient()
    gateway.scriptStarts('silence')
    const pinging = client.request('gateway.ping', {})
    await sleep(9999)
    expect(gateway.lives).toBe(1)
    await sleep(1)
    expect(await pinging).toEqual({})
    expect(gateway.lives).toBe(2)
  })

  test('close ends every session here, and starts nothing any more', async () => {
    const opened = openClient()
    const {gateway, client} = opened
    const {session, statuses} = await watch(opened)
    await client.close('enough')
    await sleep(100_000)
    expect(statuses.at(-1)).toEqual({kind: 'ended', reason: 'enough'})
    expect(client.status).toEqual({kind: 'closed', reason: 'enough'})
    await expect(session.submit('make')).rejects.toMatchObject({name: 'RecoveryError', code: 'closed'})
    expect(gateway.lives).toBe(1)
    expect(gateway.requestsOf('session.close')).toEqual([])
  })

  test('no timer is left once all is closed', async () => {
    const opened = openClient()
    await watch(opened)
    await killOnce(opened)
    await opened.client.close()
    await settle()
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('events', () => {
  test('come once and in order through any number of deaths', async () => {
    const opened = openClient()
    const {gateway} = opened
    const {id, session, seqs} = await watch(opened)
    for (let death = 1; death <= 20; death += 1) {
      // So many are shown before the death, the others behind its back.
      gateway.append(id, ...upTo(death % 4).map((number) => output(`shown ${number}`)))
      if (death % 3 === 0) await settle()
      gateway.kill()
      gateway.append(id, {type: 'prompt.queued', payload: {prompt_id: `p${death}`, text: 'make', position: 0}})
      await sleep(61_000)
    }
    expect(gateway.lives).toBe(21)
    expect(seqs).toEqual(upTo(gateway.events(id).length))
    expect(session.state).toEqual(gateway.state(id))
  })

  test('each resume asks for what comes after the last event that came', async () => {
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

  test('a first resume whose answer was lost is sent again', async () => {
    const opened = openClient()
    opened.gateway.script('session.resume', 'die-after', 'die-before')
    const watching = watch(opened)
    await sleep(1000)
    const {seqs, session} = await watching
    expect(seqs).toEqual([1])
    expect(session.status).toEqual({kind: 'live'})
    expect(opened.gateway.lives).toBe(3)
  })

  test('repetitions, strangers and what is no event change nothing', async () => {
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

  test('an event of an unknown type, or one that breaks its schema, takes its place; the session goes on', async () => {
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

  test('a gateway that loses events is asked for them', async () => {
    const opened = openClient()
    const {gateway} = opened
    const {id, seqs} = await watch(opened)
    gateway.say({...output('d'), session_id: id, seq: 5, at: 1})
    gateway.append(id, output('a'), output('b'))
    await settle()
    expect(seqs).toEqual([1, 2, 3])
    expect(gateway.requestsOf('session.resume').map((params) => params['after_seq'])).toEqual([0, 1])
  })

  test('a function of the user that throws breaks nothing, and is not hidden', async () => {
    using uncaught = collectUncaughtErrors()
    const opened = openClient()
    const {gateway} = opened
    const fail = (what: string) => () => {
      throw new Error(what)
    }
    const client = createClient({gateway, onStatus: fail('line'), onWarning: fail('warning')})
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
    expect([...new Set(uncaught.messages)].sort()).toEqual(['event', 'line', 'status', 'warning'])
    expect(uncaught.messages.filter((message) => message === 'event')).toHaveLength(2)
  })
})

describe('a first open that fails', () => {
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

  test('a session is opened once at a time', async () => {
    const opened = openClient()
    const {id} = await watch(opened)
    await expect(opened.client.openSession(id, {})).rejects.toThrow(`Session ${id} is already open in this client`)
  })
})
