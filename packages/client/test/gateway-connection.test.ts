import {errorCodes, protocolVersion} from '@holdfast/protocol'
import {createConnection, createMemoryPair} from '@holdfast/rpc'
import {expect, test, vi} from 'vitest'

import {openGatewayConnection} from '../src/gateway-connection.ts'

const ready = {type: 'gateway.ready', payload: {protocol: protocolVersion, version: '1.0.0'}}

function openPair() {
  const [near, far] = createMemoryPair()
  const events: unknown[] = []
  const giveUp = new AbortController()
  const gateway = createConnection(far)
  const greetings: unknown[] = []
  const hello = {protocol: protocolVersion, version: '1.0.0'}
  const onEvent = (params: unknown) => void events.push(params)
  const onGreeting = (greeting: unknown) => void greetings.push(greeting)
  const open = () => openGatewayConnection(near, {hello, onGreeting, onEvent, onNoise: () => {}}, giveUp.signal)
  return {near, gateway, events, greetings, giveUp, open}
}

test('opens with the greeting, and passes the events that follow it', async () => {
  const {gateway, events, open} = openPair()
  gateway.notify('event', ready)
  gateway.notify('event', {type: 'one'})
  const connection = await open()
  expect(events).toEqual([{type: 'one'}])
  await connection.close('enough')
  expect(await connection.closed).toEqual({by: 'us', message: 'enough'})
})

test('says which protocol it speaks, and passes on what the gateway says', async () => {
  const {gateway, greetings, open} = openPair()
  const hello = new Promise((resolve) => gateway.subscribe('client.hello', resolve))
  gateway.notify('event', {...ready, payload: {...ready.payload, client: 'phone', read_only: true}})
  await open()
  expect(await hello).toEqual({protocol: protocolVersion, version: '1.0.0'})
  expect(greetings).toMatchObject([{client: 'phone', read_only: true}])
})

test.each([
  [{type: 'gateway.ready', payload: {protocol: 99, version: '9.0.0'}}, /speaks protocol 99/],
  [
    {type: 'session.unavailable', session_id: 'x', payload: {code: 1, message: ''}},
    /the first event is `session.unavailable`/,
  ],
  [
    {
      type: 'gateway.refused',
      payload: {code: errorCodes.protocolMismatch, message: 'The client speaks protocol 2, I 3'},
    },
    /I 3/,
  ],
  [{type: 7}, /the first message is not an event/],
])('rejects a gateway that begins with %j, and closes the transport', async (first, message) => {
  const {near, gateway, open} = openPair()
  gateway.notify('event', first)
  const error = await open().catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({name: 'GatewayMismatchError', message: expect.stringMatching(message)})
  expect(await near.closed).toMatchObject({by: 'us'})
})

test('rejects when the gateway closes before its greeting', async () => {
  const {gateway, open} = openPair()
  const opening = open()
  void gateway.close('gone')
  await expect(opening).rejects.toMatchObject({name: 'PeerGoneError', reason: {by: 'peer'}})
})

test('rejects when the signal aborts, before or while it waits for the greeting', async () => {
  const waiting = openPair()
  const opening = waiting.open()
  waiting.giveUp.abort(new Error('too late'))
  await expect(opening).rejects.toThrow('too late')
  expect(await waiting.near.closed).toMatchObject({by: 'us'})

  const late = openPair()
  late.giveUp.abort(new Error('too late'))
  await expect(late.open()).rejects.toThrow('too late')
  expect(await late.near.closed).toMatchObject({by: 'us'})
})

test('distinguishes a slow gateway from a program that is no gateway', async () => {
  vi.useFakeTimers()
  try {
    const {gateway, open} = openPair()
    const refused = expect(open()).rejects.toMatchObject({
      name: 'GatewayMismatchError',
      message: 'The program sent no greeting within 10 s, but other output: it is no gateway',
    })
    // Invalid JSON-RPC, as other output would be.
    void gateway.request('event', 'y').catch(() => undefined)
    await vi.advanceTimersByTimeAsync(10_000)
    await refused

    const unresponsive = expect(openPair().open()).rejects.toThrow('The gateway sent no greeting within 10 s')
    await vi.advanceTimersByTimeAsync(10_000)
    await unresponsive
  } finally {
    vi.useRealTimers()
  }
})
