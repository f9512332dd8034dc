import {setImmediate as turn} from 'node:timers/promises'
import {expect, test} from 'vitest'
import {createConnection, createMemoryPair, type SubscribeOptions} from '../src/index.ts'

interface Event {
  n?: number
  text?: string
  final?: boolean
}

/** A subscriber that works on one message until the test lets it go on. */
function connectSlow(options: SubscribeOptions = {}) {
  const [nearEnd, farEnd] = createMemoryPair()
  const faults: string[] = []
  const near = createConnection(nearEnd, {onFault: (error) => faults.push((error as Error).message)})
  const far = createConnection(farEnd, {handlers: {ping: () => 'pong'}})
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
  /** Lets it finish what it works on, and what it gets then, so many times. */
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

test('a subscriber that returns a promise hears one message at a time, in order, and the reader never waits for it', async () => {
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

test('pause: one that is too slow works off what waits, is told from where it missed what, and goes on from there', async () => {
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

test('pause: what comes while it catches up is kept, and delivered after that', async () => {
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

test('pause: a gap that nobody asked to be told of is a fault', async () => {
  const {near, faults, send, goOn} = connectSlow({maxWaiting: 1})
  await send(...numbers(1, 4))
  await goOn()
  expect(faults).toEqual(['Expected a subscriber that keeps up, got one that missed 2'])
  expect(near.counters).toMatchObject({dropped: 2, faults: 1})
})

test('pause: what must be kept is delivered in its place after the gap', async () => {
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

test('drop-oldest: the oldest goes, counted; what must be kept stays', async () => {
  const {near, seen, send, goOn} = connectSlow({maxWaiting: 2, whenFull: 'drop-oldest', keep: isFinal})
  await send({n: 1}, {final: true}, ...numbers(2, 6))
  await goOn()
  expect(seen).toEqual([{n: 1}, {final: true}, {n: 5}, {n: 6}])
  expect(near.counters.dropped).toBe(3)
})

test('merge: what waits becomes one, and nothing is missing', async () => {
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

test('100 000 deltas and a final in one burst reach a subscriber that was blocked, whole', async () => {
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

test('functions of the user that throw are faults, and the messages stay', async () => {
  const throws = () => {
    throw new Error('broken')
  }
  const {seen, faults, send, goOn} = connectSlow({merge: throws, keep: throws, onResume: throws, maxWaiting: 1})
  await send(...numbers(1, 3))
  await goOn()
  expect(seen).toEqual(numbers(1, 2))
  expect(faults).toEqual(['broken', 'broken', 'broken', 'broken'])
})

test('too much of what may not be dropped closes the connection: nothing else is left', async () => {
  const {near, send} = connectSlow({maxWaiting: 2, keep: () => true})
  const pending = near.request('never').catch((error: unknown) => error)
  await send(...numbers(1, 4))
  expect(await pending).toMatchObject({reason: {by: 'fault', message: expect.stringContaining('`event` is too slow')}})
  await near.closed
})

test('what waits for a slow subscriber is delivered after the peer has gone, but not after we have closed', async () => {
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

test('one that unsubscribes gets nothing of what waits', async () => {
  const {seen, send, goOn, unsubscribe} = connectSlow()
  await send(...numbers(1, 3))
  unsubscribe()
  await goOn()
  expect(seen).toEqual(numbers(1, 1))
})

test('a subscriber whose promise rejects is a fault, and hears the next', async () => {
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

test('a bound that is none is refused', () => {
  const near = createConnection(createMemoryPair()[0])
  for (const maxWaiting of [0, NaN]) expect(() => near.subscribe('event', () => {}, {maxWaiting})).toThrow(RangeError)
})
