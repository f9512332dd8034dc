import {errorCodes, protocolVersion, refusal} from '@holdfast/protocol'
import {createConnection, createMemoryPair} from '@holdfast/rpc'
import {afterEach, expect, test, vi} from 'vitest'

import {awaitGreeting} from '../src/hosts/greeting.ts'

afterEach(() => void vi.useRealTimers())

function openPair() {
  const [near, far] = createMemoryPair()
  return {near, host: createConnection(near), far: createConnection(far)}
}

test('accepts a greeting of the same protocol', async () => {
  const {host, far} = openPair()
  far.notify('event', {type: 'gateway.ready', payload: {protocol: protocolVersion, version: '1.0.0'}})
  await awaitGreeting(host, 'The host of session x')
  expect(await host.close()).toBeUndefined()
})

test.each([
  ['an older', 0],
  ['a newer', 99],
])('rejects %s protocol and closes the connection', async (_which, protocol) => {
  const {near, host, far} = openPair()
  far.notify('event', {type: 'gateway.ready', payload: {protocol, version: '9.0.0'}})
  await expect(awaitGreeting(host, 'The host of session x')).rejects.toMatchObject({
    code: errorCodes.protocolMismatch,
    message: expect.stringMatching(
      new RegExp(`^The host of session x: The peer \\(version 9.0.0\\) speaks protocol ${protocol}`),
    ),
  })
  expect(await near.closed).toMatchObject({by: 'us'})
})

test('rejects with the reason of a host that has no room', async () => {
  const {near, host, far} = openPair()
  const {method, params} = refusal('too many clients')
  far.notify(method, params)
  await expect(awaitGreeting(host, 'The host of session x')).rejects.toMatchObject({
    code: errorCodes.tooMany,
    message: 'The host of session x: too many clients',
  })
  expect(await near.closed).toMatchObject({by: 'us'})
})

test('rejects after 5 s without a greeting', async () => {
  vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout', 'performance']})
  const {near, host} = openPair()
  const waiting = expect(awaitGreeting(host, 'The host of session x')).rejects.toMatchObject({
    code: errorCodes.hostUnavailable,
    message: 'The host of session x did not send its greeting within 5000 ms',
  })
  await vi.advanceTimersByTimeAsync(5000)
  await waiting
  expect(await near.closed).toMatchObject({by: 'us'})
})

test('rejects when the host disconnects before its greeting', async () => {
  const {host, far} = openPair()
  const waiting = expect(awaitGreeting(host, 'The host of session x')).rejects.toMatchObject({name: 'PeerGoneError'})
  await far.close()
  await waiting
})
