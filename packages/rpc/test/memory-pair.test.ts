import {expect, test} from 'vitest'
import {testTransport} from '../src/test.ts'
import {createMemoryPair} from '../src/transport/memory-pair.ts'

testTransport('a memory pair', () => createMemoryPair())

test('takes one message of any size into an empty queue, and then up to `maxQueuedBytes`', () => {
  const [near] = createMemoryPair({maxQueuedBytes: 100})
  near.write({jsonrpc: '2.0', method: 'x'.repeat(500)})
  expect(() => near.write({jsonrpc: '2.0', method: 'x'})).toThrow(/full \(100 characters\)/)
})

test('an end that never listened closes after the other end', async () => {
  const [near, far] = createMemoryPair()
  near.write({jsonrpc: '2.0', method: 'unread'})
  await near.close()
  await far.close()
  expect(await far.closed).toMatchObject({by: 'peer'})
})

test('delivers messages written during a delivery before the end', async () => {
  const [near, far] = createMemoryPair()
  const order: unknown[] = []
  far.listen({
    message(message) {
      order.push((message as {method: string}).method)
      if (order.length > 1) return
      near.write({jsonrpc: '2.0', method: 'second'})
      void near.close()
    },
  })
  void far.closed.then(() => order.push('closed'))
  near.write({jsonrpc: '2.0', method: 'first'})
  await far.closed
  expect(order).toEqual(['first', 'second', 'closed'])
})
