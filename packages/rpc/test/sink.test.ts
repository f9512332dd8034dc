import {setImmediate as turn} from 'node:timers/promises'
import {expect, test} from 'vitest'
import {createConnection, createMemoryPair, type SubscribeOptions} from '../src/index.ts'

interface Event {
  n?: number
  text?: string
  final?: boolean
}

interface Client {
  event(params: Event): void
}

interface Server {
  ping(): string
  never(): string
}

/** A subscriber that works on one message until the test calls `goOn`. */
function connectSlow(options: SubscribeOptions<Event> = {}) {
  const [nearEnd, farEnd] = createMemoryPair()
  const faults: string[] = []
  const near = createConnection<Client, Server>(nearEnd, {onFault: (error) => faults.push((error as Error).message)})
  const far = createConnection<Server, Client>(farEnd, {handlers: {ping: () => 'pong'}})
  const seen: unknown[] = []
  const gates: (() => void)[] = []
  const work = (what: unknown) => {
    seen.push(what)
    return new Promise<void>((resolve) => gates.push(resolve))
  }
  const unsubscribe = near.subscribe('event', work, options)
  const send = async (...events: Event[]) => {
    for (const event of events) far.notify('event', event)
    await turn()
  }
  /** Lets the subscriber finish a message, a number of times. */
  const goOn = async (times = Infinity) => {
    for (let n = 0; n < times && gates.length > 0; n++) {
      gates.shift()!()
      await turn()
    }
  }
  return {near, far, seen, faults, send, goOn, work, unsubscribe}
}

const numbers = (from: number, to: number) => Array.from({length: to - from + 1}, (_, index) => ({n: from + index}))
const isFinal = ({final}: Event) => final === true

test('delivers one message at a time to a subscriber that returns promises, and reads on meanwhile', async () => {
  const {near, seen, send, goOn} = connectSlow()
  const others: unknown[] = []
  near.subscribe('event', (params) => others.push(params))
  await send(...numbers(1, 3))
  expect(seen).toEqual([{n: 1}])
  expect(others).toEqual(numbers(1, 3))
  expect(await near.request('ping')).toBe('pong')
  await goOn()
  expect(seen).toEqual(numbers(1, 3))
})

test('a subscriber that is too slow gets its waiting messages, then the gap, then new messages', async () => {
  const gaps: unknown[] = []
  const {near, seen, send, goOn} = connectSlow({maxWaiting: 2, onResume: (gap) => gaps.push(gap)})
  await send(...numbers(1, 5))
  await goOn()
  expect(seen).toEqual(numbers(1, 3))
  expect(gaps).toEqual([{missed: 2, from: {n: 4}}])
  await send({n: 6})
  expect(seen.at(-1)).toEqual({n: 6})
  expect(near.counters.dropped).toBe(2)
})

test('keeps messages that arrive while `onResume` works, and delivers them afterwards', async () => {
  const slow = connectSlow({maxWaiting: 1, onResume: ({missed}) => slow.work(`catching up with ${missed}`)})
  const {seen, send, goOn} = slow
  await send(...numbers(1, 3))
  await goOn(2)
  expect(seen).toEqual([{n: 1}, {n: 2}, 'catching up with 1'])
  await send({n: 4})
  expect(seen).toHaveLength(3)
  await goOn()
  expect(seen.at(-1)).toEqual({n: 4})
})

test('reports a gap as a fault if there is no `onResume`', async () => {
  const {near, faults, send, goOn} = connectSlow({maxWaiting: 1})
  await send(...numbers(1, 4))
  await goOn()
  expect(faults).toEqual(['A slow subscriber missed 2 messages: handle them in `onResume`'])
  expect(near.counters).toMatchObject({dropped: 2, faults: 1})
})

test('delivers kept messages in order after a gap', async () => {
  const order: unknown[] = []
  const {seen, send, goOn} = connectSlow({
    maxWaiting: 1,
    keep: isFinal,
    onResume: ({missed}) => order.push(`gap of ${missed} after ${seen.length}`),
  })
  await send({n: 1}, {n: 2}, {n: 3}, {final: true}, {n: 4})
  await goOn()
  expect(seen).toEqual([{n: 1}, {n: 2}, {final: true}])
  expect(order).toEqual(['gap of 2 after 2'])
})

test('merges waiting messages without a loss', async () => {
  const {near, seen, send, goOn} = connectSlow({
    maxWaiting: 2,
    merge: (older: Event, newer: Event) => ({text: `${older.text}${newer.text}`}),
    keep: isFinal,
  })
  await send(...Array.from('abcdefgh', (text) => ({text})), {final: true}, {text: 'i'}, {text: 'j'})
  await goOn()
  expect(seen).toEqual([{text: 'a'}, {text: 'bcdefgh'}, {final: true}, {text: 'ij'}])
  expect(near.counters.dropped).toBe(0)
})

test('delivers a burst of 100 000 deltas and a final to a blocked subscriber without a loss', async () => {
  const {near, seen, send, goOn} = connectSlow({
    merge: (older: Event, newer: Event) => ({text: `${older.text}${newer.text}`}),
    keep: isFinal,
  })
  await send(...Array.from({length: 100_000}, (_, n) => ({text: String(n % 10)})), {final: true})
  await goOn()
  const text = (seen as Event[]).map((event) => event.text ?? '').join('')
  expect(text).toBe('0123456789'.repeat(10_000))
  expect(seen.at(-1)).toEqual({final: true})
  expect(near.counters.dropped).toBe(0)
})

test('reports options that throw as faults, and loses no message', async () => {
  const throws = () => {
    throw new Error('broken')
  }
  const {seen, faults, send, goOn} = connectSlow({merge: throws, keep: throws, onResume: throws, maxWaiting: 1})
  await send(...numbers(1, 3))
  await goOn()
  expect(seen).toEqual(numbers(1, 2))
  expect(faults).toEqual(['broken', 'broken', 'broken', 'broken'])
})

test('closes the connection if too many messages must be kept', async () => {
  const {near, send} = connectSlow({maxWaiting: 2, keep: () => true})
  const pending = near.request('never').catch((error: unknown) => error)
  await send(...numbers(1, 4))
  expect(await pending).toMatchObject({reason: {by: 'fault', message: expect.stringContaining('`event` is too slow')}})
  await near.closed
})

test('delivers waiting messages after the peer is gone, but not after `close`', async () => {
  const gone = connectSlow()
  await gone.send(...numbers(1, 3))
  await gone.far.close()
  await gone.goOn()
  expect(gone.seen).toEqual(numbers(1, 3))

  const closed = connectSlow()
  await closed.send(...numbers(1, 3))
  await closed.near.close()
  await closed.goOn()
  expect(closed.seen).toEqual(numbers(1, 1))
})

test('delivers no waiting messages after an unsubscribe', async () => {
  const {seen, send, goOn, unsubscribe} = connectSlow()
  await send(...numbers(1, 3))
  unsubscribe()
  await goOn()
  expect(seen).toEqual(numbers(1, 1))
})

test('reports a rejected promise as a fault, and delivers the next message', async () => {
  const [nearEnd, farEnd] = createMemoryPair()
  const near = createConnection(nearEnd)
  const far = createConnection(farEnd)
  const seen: unknown[] = []
  near.subscribe('event', async (params) => {
    seen.push(params)
    throw new Error('broken')
  })
  far.notify('event', {n: 1})
  far.notify('event', {n: 2})
  await turn()
  expect(seen).toEqual(numbers(1, 2))
  expect(near.counters.faults).toBe(2)
})

test('throws for a `maxWaiting` below 1', () => {
  const near = createConnection(createMemoryPair()[0])
  for (const maxWaiting of [0, NaN]) expect(() => near.subscribe('event', () => {}, {maxWaiting})).toThrow(RangeError)
})
