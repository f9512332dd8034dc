import {protocolVersion} from '@holdfast/protocol'
import {createConnection, createMemoryPair} from '@holdfast/rpc'
import {expect, test, vi} from 'vitest'

import {openGatewayConnection} from '../src/gateway-connection.ts'

const ready = {type: 'gateway.ready', payload: {protocol: protocolVersion, version: '1.0.0'}}

function openPair() {
  const [near, far] = createMemoryPair()
  const events: unknown[] = []
  const giveUp = new AbortController()
  const gateway = createConnection(far)
  const open = () => openGatewayConnection(near, (params) => events.push(params), giveUp.signal)
  return {near, gateway, events, giveUp, open}
}

test('is a line once the gateway has greeted; what follows are its events', async () => {
  const {gateway, events, open} = openPair()
  gateway.notify('event', ready)
  gateway.notify('event', {type: 'one'})
  const line = await open()
  expect(events).toEqual([{type: 'one'}])
  await line.close('enough')
  expect(await line.closed).toEqual({by: 'us', message: 'enough'})
})

test.each([
  [{type: 'gateway.ready', payload: {protocol: 99, version: '9.0.0'}}, /speaks protocol 99/],
  [
    {type: 'session.unavailable', session_id: 'x', payload: {code: 1, message: ''}},
    /the first event is `session.unavailable`/,
  ],
  [{type: 7}, /the first message is not an event/],
])('refuses a gateway that begins with %j, and closes the transport', async (first, message) => {
  const {near, gateway, open} = openPair()
  gateway.notify('event', first)
  const error = await open().catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({name: 'GatewayMismatchError', message: expect.stringMatching(message)})
  expect(await near.closed).toMatchObject({by: 'us'})
})

test('rejects when the gateway goes before it has greeted', async () => {
  const {gateway, open} = openPair()
  const opening = open()
  void gateway.close('gone')
  await expect(opening).rejects.toMatchObject({name: 'PeerGoneError', reason: {by: 'peer'}})
})

test('gives up a silent gateway when it is told to, before or while it waits', async () => {
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

test('says of a program that prints something else that it is no gateway, so that it is not tried again', async () => {
  vi.useFakeTimers()
  try {
    const {gateway, open} = openPair()
    const refused = expect(open()).rejects.toMatchObject({
      name: 'GatewayMismatchError',
      message: 'The program sent no greeting within 10 s, but other output: it is no gateway',
    })
    // What is no message, JSON-RPC answers and counts.
    void gateway.request('event', 'y').catch(() => undefined)
    await vi.advanceTimersByTimeAsync(10_000)
    await refused

    const silent = expect(openPair().open()).rejects.toThrow('The gateway sent no greeting within 10 s')
    await vi.advanceTimersByTimeAsync(10_000)
    await silent
  } finally {
    vi.useRealTimers()
  }
})
