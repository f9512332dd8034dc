import {expect, test} from 'vitest'
import {createConnection, createMemoryPair, rpcErrorCodes, type ConnectionOptions} from '../src/index.ts'
import type {RawTransport} from '../src/transport/raw-transport.ts'

/** A peer whose handlers answer when the test lets them. */
function open(options: ConnectionOptions) {
  const [near, far] = createMemoryPair() as [RawTransport, RawTransport]
  const gate = Promise.withResolvers<string>()
  const faults: string[] = []
  const server = createConnection(far, {
    handlers: {wait: () => gate.promise, ping: () => 'pong'},
    onFault: (error) => faults.push((error as Error).message),
    ...options,
  })
  return {near, peer: createConnection(near), gate, server, faults}
}

test('refuses one request more than may be in work, and serves again when one is done', async () => {
  const {peer, gate} = open({maxServed: 3})
  const waiting = [peer.request('wait'), peer.request('wait'), peer.request('wait')]
  await expect(peer.request('wait')).rejects.toMatchObject({
    code: rpcErrorCodes.busy,
    message: '3 requests are in work already: wait for the answer to one of them',
  })
  gate.resolve('done')
  expect(await Promise.all(waiting)).toEqual(['done', 'done', 'done'])
  expect(await peer.request('wait')).toBe('done')
})

test('reports one notification more than may be in work', async () => {
  const {peer, gate, faults} = open({maxServed: 2})
  for (let count = 0; count < 3; count++) peer.notify('wait')
  await expect(peer.request('wait')).rejects.toMatchObject({code: rpcErrorCodes.busy})
  expect(faults).toEqual(['2 requests are in work already: wait for the answer to one of them'])
  gate.resolve('done')
  await expect.poll(() => peer.request('wait').catch(String)).toBe('done')
})

test('refuses requests that are too long together, but a single one of any length is served', async () => {
  const [near, far] = createMemoryPair() as [RawTransport, RawTransport]
  const gate = Promise.withResolvers<string>()
  createConnection(far, {handlers: {wait: () => gate.promise}, maxServedLength: 1000})
  const answers: unknown[] = []
  near.listen({message: (message) => answers.push(message)})
  const write = (id: number, length: number) => {
    const message = {jsonrpc: '2.0', id, method: 'wait', params: {text: 'x'.repeat(length)}} as const
    near.write(message, JSON.stringify(message))
  }
  write(1, 5000)
  write(2, 10)
  await expect.poll(() => answers).toMatchObject([{id: 2, error: {code: rpcErrorCodes.busy}}])
  gate.resolve('done')
  await expect.poll(() => answers).toMatchObject([{id: 2}, {id: 1, result: 'done'}])
  write(3, 500)
  await expect.poll(() => answers.at(-1)).toMatchObject({id: 3, result: 'done'})
})

test('refuses a request that is too long together with those of other connections, until one of these has ended', async () => {
  const servedTogether = {length: 0, maxLength: 1000}
  const connect = () => {
    const [near, far] = createMemoryPair() as [RawTransport, RawTransport]
    const gate = Promise.withResolvers<string>()
    const peer = createConnection(far, {handlers: {wait: () => gate.promise}, servedTogether})
    const answers: unknown[] = []
    near.listen({message: (message) => answers.push(message)})
    const write = (id: number, length: number) => {
      const message = {jsonrpc: '2.0', id, method: 'wait', params: {text: 'x'.repeat(length)}} as const
      near.write(message, JSON.stringify(message))
    }
    return {peer, gate, answers, write}
  }
  const [one, other] = [connect(), connect()]
  one.write(1, 5000)
  await expect.poll(() => servedTogether.length).toBeGreaterThan(5000)
  other.write(1, 10)
  await expect.poll(() => other.answers).toMatchObject([{id: 1, error: {code: rpcErrorCodes.busy}}])
  await one.peer.close()
  other.write(2, 500)
  await expect.poll(() => servedTogether.length).toBeGreaterThan(500)
  other.gate.resolve('done')
  await expect.poll(() => other.answers).toMatchObject([{id: 1}, {id: 2, result: 'done'}])
  expect(servedTogether.length).toBe(0)
})
