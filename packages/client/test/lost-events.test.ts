import {fileURLToPath} from 'node:url'

import {createSessionId, type NewEvent} from '@holdfast/protocol'
import {type Transport} from '@holdfast/rpc'
import {afterEach, describe, expect, test, vi} from 'vitest'

import {createClient} from '../src/create-client.ts'
import {localGateway} from '../src/local.ts'
import {openClient, output, settle, watch} from './fixtures/open-client.ts'

afterEach(() => void vi.useRealTimers())

/** Opens a session of a gateway in a process of its own that spoils the line with the end of each prompt. */
async function openNoisy(how: string) {
  const id = createSessionId()
  const fixture = fileURLToPath(new URL('./fixtures/noisy-gateway.ts', import.meta.url))
  const warnings: string[] = []
  const types: string[] = []
  const client = createClient({
    gateway: localGateway({command: [process.execPath, '--conditions=holdfast-source', fixture, id, how]}),
    onWarning: (message) => warnings.push(message),
  })
  const session = await client.openSession(id, {onEvent: ({type}) => types.push(type)})
  return {session, warnings, types, [Symbol.asyncDispose]: () => client.close()}
}

describe.each([
  ['noise is glued to the line of an event', 'glued', /^The gateway sent noise.* got \d+ bytes that are not JSON$/],
  [
    'the line of an event is too long',
    'too-long',
    /^The gateway sent noise.* got \d+ bytes that are a line over the limit$/,
  ],
])('%s, and nothing follows', (_what, how, warning) => {
  test('the event is asked for again, and the noise is reported', async () => {
    await using opened = await openNoisy(how)
    const {session, warnings, types} = opened
    await session.submit('make')
    await expect.poll(() => types).toEqual(['session.info', 'message.start', 'message.complete'])
    expect(warnings).toEqual([expect.stringMatching(warning)])
    expect(session.state.running).toBeNull()
    expect(session.status).toEqual({kind: 'live'})
  })
})

test('an event that never arrives is an error, not a prompt that runs for ever', async () => {
  await using opened = await openNoisy('always-too-long')
  const {session, types} = opened
  await session.submit('make')
  const detached = {
    kind: 'detached',
    reason: 'Event 3 does not arrive, although the gateway was asked for it again',
  }
  await expect.poll(() => session.status).toEqual(detached)
  await session.retry()
  await expect.poll(() => session.status).toEqual(detached)
  expect(types).toEqual(['session.info', 'message.start'])
})

const start: NewEvent = {type: 'message.start', payload: {prompt_id: 'p', text: 'make'}}
const complete: NewEvent = {type: 'message.complete', payload: {prompt_id: 'p', status: 'complete'}}

/** Opens a session whose gateway loses each line for which `isLost` returns true. */
async function openLosing(isLost: (line: string) => boolean) {
  vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout', 'performance']})
  const opened = openClient()
  opened.gateway.wrap = (transport: Transport) => {
    const {listen} = transport
    transport.listen = ({message}) => listen({message: (each) => void (isLost(JSON.stringify(each)) || message(each))})
    return transport
  }
  const watched = await watch(opened)
  return {...opened, ...watched}
}

describe('without noise', () => {
  test('the last event of a prompt is asked for after 15 s in which nothing was heard', async () => {
    let losses = 1
    const {gateway, id, session, types} = await openLosing((line) => line.includes('message.complete') && losses-- > 0)
    gateway.append(id, start)
    await vi.advanceTimersByTimeAsync(10_000)
    gateway.append(id, output('a'), complete)
    await settle()
    await vi.advanceTimersByTimeAsync(14_999)
    expect(session.state.running).not.toBeNull()
    await vi.advanceTimersByTimeAsync(1)
    await settle()
    expect(session.state.running).toBeNull()
    expect(types.at(-1)).toBe('message.complete')
    // Nothing runs: nothing more is asked.
    await vi.advanceTimersByTimeAsync(600_000)
    expect(gateway.requestsOf('session.resume')).toEqual([
      {session_id: id, after_seq: 0},
      {session_id: id, after_seq: 3, after_at: 1000},
    ])
  })

  test('a program that is quiet for an hour is asked about once a minute, and stays live', async () => {
    const {gateway, id, statuses} = await openLosing(() => false)
    gateway.append(id, start)
    await settle()
    for (let minutes = 0; minutes < 60; minutes++) await vi.advanceTimersByTimeAsync(60_000)
    expect(gateway.requestsOf('session.resume')).toHaveLength(62)
    expect(statuses).toEqual([{kind: 'live'}])
  })

  test('an event that never arrives is an error after a minute', async () => {
    const {gateway, id, session} = await openLosing((line) => line.includes('message.complete'))
    gateway.append(id, start, complete)
    await vi.advanceTimersByTimeAsync(59_000)
    await settle()
    expect(session.status).toMatchObject({kind: 'detached', reason: expect.stringContaining('Event 3')})
  })

  test('a gateway that answers pings but not what it is asked is an error', async () => {
    const {gateway, id, session} = await openLosing(() => false)
    gateway.append(id, start)
    gateway.script('session.resume', 'silence', 'silence')
    await vi.advanceTimersByTimeAsync(200_000)
    expect(session.status).toMatchObject({kind: 'detached', reason: expect.stringContaining('does not answer')})
    await session.retry()
    expect(session.status).toMatchObject({kind: 'live'})
  })
})

test('an event that cannot be read does not leave its prompt running: the state is that of the gateway', async () => {
  vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout', 'performance']})
  const opened = openClient()
  const states: unknown[] = []
  const {gateway} = opened
  const {id, session, types} = await watch(opened, {onState: ({running}) => states.push(running)})
  gateway.append(id, start)
  await settle()
  const broken = {...complete, payload: {...complete.payload, duration_ms: 'long'}} as unknown as NewEvent
  gateway.append(id, broken)
  await settle()
  expect(types.at(-1)).toBe('unknown')
  expect(session.state.running).not.toBeNull()
  await vi.advanceTimersByTimeAsync(15_000)
  expect(session.state.running).toBeNull()
  expect(states).toEqual([null])
})

test('input that is no event makes each session ask, at most once a second', async () => {
  vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout', 'performance']})
  const opened = openClient()
  const {gateway} = opened
  const watched = [await watch(opened), await watch(opened)]
  gateway.say({type: 'message.complete', seq: 'three'})
  await vi.advanceTimersByTimeAsync(1000)
  expect(
    gateway
      .requestsOf('session.resume')
      .slice(2)
      .map(({session_id}) => session_id),
  ).toEqual(watched.map(({id}) => id))
  for (let times = 0; times < 100; times++) {
    gateway.say({noise: times})
    await vi.advanceTimersByTimeAsync(100)
  }
  expect(gateway.requestsOf('session.resume')).toHaveLength(4 + 2 * 10)
})
