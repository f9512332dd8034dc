import {errorCodes, type LoggedEvent, type NewEvent} from '@holdfast/protocol'
import {RpcError} from '@holdfast/rpc'
import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest'

import type {ClientSession} from '../src/client-session.ts'
import {createSessionEvents, maxBufferedEvents, type EventsOptions} from '../src/session-events.ts'
import {openClient, output, settle, upTo} from './fixtures/open-client.ts'

beforeEach(() => void vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout', 'performance']}))
afterEach(() => void vi.useRealTimers())

const closed: NewEvent = {type: 'session.closed', payload: {reason: 'user'}}

/** Opens a session of a scripted gateway that has `count` events. */
async function openSession(count = 1) {
  const opened = openClient()
  const {gateway, client} = opened
  const id = gateway.createSession()
  gateway.append(id, ...upTo(count - 1).map((number) => output(`${number}`)))
  const session = await client.openSession(id)
  return {...opened, id, session}
}

/** Runs a loop, which writes into `seqs`; `ended` settles with it. */
function follow(session: ClientSession, options?: EventsOptions, onEvent?: (event: LoggedEvent) => unknown) {
  const seqs: number[] = []
  const run = async () => {
    for await (const event of session.events(options)) {
      seqs.push(event.seq)
      await onEvent?.(event)
    }
  }
  return {seqs, ended: run()}
}

describe('a loop over the events', () => {
  test('yields past and live events in order, and ends after session.closed', async () => {
    const {gateway, id, session} = await openSession(3)
    const {seqs, ended} = follow(session)
    await settle()
    expect(seqs).toEqual([1, 2, 3])
    gateway.append(id, output('live'))
    await settle()
    expect(seqs).toEqual([1, 2, 3, 4])
    gateway.append(id, closed)
    await ended
    expect(seqs).toEqual(upTo(5))
  })

  test('gets past events from the log only: without onEvent, the gateway pushes none', async () => {
    const {gateway, session} = await openSession(3)
    expect(session.lastSeq).toBe(3)
    const {seqs} = follow(session)
    await settle()
    expect(seqs).toEqual([1, 2, 3])
    expect(gateway.requestsOf('session.events')).toMatchObject([{after_seq: 0, limit: maxBufferedEvents}])
  })

  test.each([
    [undefined, [4, 5, 6]],
    [0, upTo(6)],
    [4, [5, 6]],
    [-1, [5, 6]],
    [99, [6]],
  ])('starts at afterSeq %s; without one, where the session was opened', async (afterSeq, expected) => {
    const {gateway, client} = openClient()
    const id = gateway.createSession()
    gateway.append(id, ...upTo(4).map((number) => output(`${number}`)))
    const session = await client.openSession(id, {afterSeq: 3})
    const {seqs} = follow(session, afterSeq === undefined ? {} : {afterSeq})
    gateway.append(id, output('live'))
    await settle()
    expect(seqs).toEqual(expected)
  })

  test('runs beside callbacks and other loops', async () => {
    const {gateway, client} = openClient()
    const id = gateway.createSession()
    const called: number[] = []
    const session = await client.openSession(id, {onEvent: ({seq}) => called.push(seq)})
    const [first, second] = [follow(session), follow(session, {afterSeq: 1})]
    gateway.append(id, output('a'), closed)
    await Promise.all([first.ended, second.ended])
    expect([called, first.seqs, second.seqs]).toEqual([
      [1, 2, 3],
      [1, 2, 3],
      [2, 3],
    ])
  })

  test('that is slow catches up from the log', async () => {
    const {gateway, id, session} = await openSession()
    const turns = Promise.withResolvers<void>()
    const {seqs, ended} = follow(session, {}, () => turns.promise)
    await settle()
    gateway.append(id, ...upTo(3 * maxBufferedEvents).map((number) => output(`${number}`)), closed)
    await settle()
    expect(seqs).toEqual([1])
    turns.resolve()
    await ended
    expect(seqs).toEqual(upTo(3 * maxBufferedEvents + 2))
  })

  test('continues through gateway crashes', async () => {
    const {gateway, id, session} = await openSession(2)
    gateway.script('session.events', 'crash-before', 'crash-after')
    const {seqs, ended} = follow(session)
    await vi.advanceTimersByTimeAsync(5000)
    expect(seqs).toEqual([1, 2])
    for (let crash = 1; crash <= 5; crash += 1) {
      gateway.append(id, output('before'))
      if (crash % 2 === 0) await settle()
      gateway.kill()
      gateway.append(id, output('while it was gone'))
      await vi.advanceTimersByTimeAsync(61_000)
    }
    gateway.append(id, closed)
    await ended
    expect(seqs).toEqual(upTo(13))
  })

  test.each(['gave-up', 'silence'] as const)(
    'waits while nobody answers (%s), and goes on after that',
    async (fault) => {
      const {gateway, client, session} = await openSession(2)
      if (fault === 'silence') gateway.script('session.events', 'silence')
      else {
        gateway.scriptStarts(...upTo(3).map(() => new Error('no memory')))
        gateway.kill()
        await vi.advanceTimersByTimeAsync(5000)
        expect(client.status.kind).toBe('gave-up')
      }
      const {seqs} = follow(session)
      await vi.advanceTimersByTimeAsync(60_000)
      if (fault === 'gave-up') {
        expect(seqs).toEqual([])
        client.retry()
        await vi.advanceTimersByTimeAsync(5000)
      }
      expect(seqs).toEqual([1, 2])
    },
  )

  test('throws where the log cannot be read', async () => {
    const {gateway, session} = await openSession(2)
    gateway.script('session.events', new RpcError(errorCodes.storageDamaged, 'the log is damaged'))
    const events = session.events()
    await expect(events.next()).rejects.toMatchObject({code: errorCodes.storageDamaged})
    expect(await events.next()).toEqual({done: true, value: undefined})
  })
})

describe('a loop ends', () => {
  test('with its session while it is slow, but not before the last event', async () => {
    const {gateway, id, session} = await openSession(2)
    gateway.append(id, closed)
    await settle()
    const {seqs, ended} = follow(session)
    await ended
    expect(seqs).toEqual([1, 2, 3])
  })

  test('when the session is deleted, with an error where events are missing', async () => {
    const {gateway, session} = await openSession(2)
    const waiting = session.events({afterSeq: 2}).next()
    const behind = session.events()
    gateway.script('session.resume', new RpcError(errorCodes.sessionNotFound, 'There is no such session'))
    gateway.kill()
    await settle()
    expect(await waiting).toEqual({done: true, value: undefined})
    gateway.script('session.events', new RpcError(errorCodes.sessionNotFound, 'There is no such session'))
    await expect(behind.next()).rejects.toMatchObject({code: errorCodes.sessionNotFound})
  })

  test('by break', async () => {
    const {gateway, id, session} = await openSession(2)
    const seen: number[] = []
    for await (const {seq} of session.events()) {
      seen.push(seq)
      if (seq === 2) break
    }
    gateway.append(id, output('late'))
    await settle()
    expect(seen).toEqual([1, 2])
  })

  test('by return, also while it waits for an event', async () => {
    const {session} = await openSession()
    const events = session.events({afterSeq: 1})
    const waiting = events.next()
    await settle()
    await events.return?.()
    expect(await waiting).toEqual({done: true, value: undefined})
    expect(await events.next()).toEqual({done: true, value: undefined})
  })

  test.each(['before it starts', 'while it waits for an event', 'while it waits for the log'])(
    'by its signal, %s, without an error',
    async (moment) => {
      const {gateway, session} = await openSession(2)
      const controller = new AbortController()
      if (moment === 'before it starts') controller.abort()
      if (moment === 'while it waits for the log') gateway.script('session.events', 'silence')
      const {seqs, ended} = follow(session, {signal: controller.signal})
      await settle()
      controller.abort()
      await ended
      expect(seqs).toEqual(moment === 'while it waits for an event' ? [1, 2] : [])
    },
  )

  test.each(['leave', 'close'] as const)('when the program calls %s', async (call) => {
    const {client, session} = await openSession()
    const {ended} = follow(session)
    await settle()
    if (call === 'leave') await session.leave()
    else await client.close()
    await ended
    const {seqs, ended: late} = follow(session, {afterSeq: 1})
    await late
    expect(seqs).toEqual([])
  })

  test('when the client is closed after the session, and leaves no timer behind', async () => {
    const {client, gateway, id, session} = await openSession(2)
    gateway.append(id, closed)
    await settle()
    gateway.scriptStarts(...upTo(4).map(() => new Error('no memory')))
    gateway.kill()
    await vi.advanceTimersByTimeAsync(5000)
    const {seqs, ended} = follow(session)
    await vi.advanceTimersByTimeAsync(5000)
    await client.close()
    await vi.advanceTimersByTimeAsync(5000)
    await ended
    expect([seqs, vi.getTimerCount()]).toEqual([[], 0])
  })
})

describe('memory', () => {
  const event = (seq: number): LoggedEvent => ({type: 'unknown', session_id: 'x', seq, at: 1})

  function openLoop() {
    const reads: number[] = []
    const source = {
      lastSeq: 0,
      isClosed: false,
      async read(afterSeq: number) {
        reads.push(afterSeq)
        return upTo(maxBufferedEvents)
          .map((index) => event(afterSeq + index))
          .filter(({seq}) => seq <= source.lastSeq)
      },
    }
    const events = createSessionEvents(source)
    const push = (count: number) => {
      for (let index = 0; index < count; index += 1) events.push(event((source.lastSeq += 1)))
    }
    return {reads, push, loop: events.open(0)}
  }

  const take = async (loop: AsyncIterator<LoggedEvent>, count: number) => {
    const seqs: number[] = []
    while (seqs.length < count) seqs.push((await loop.next()).value.seq)
    return seqs
  }

  test('a loop that does not read keeps a bounded number of events', async () => {
    const {reads, push, loop} = openLoop()
    push(10_000)
    expect(await take(loop, maxBufferedEvents)).toEqual(upTo(maxBufferedEvents))
    expect(reads).toEqual([])
    expect(await take(loop, 1)).toEqual([maxBufferedEvents + 1])
    expect(reads).toEqual([maxBufferedEvents])
  })

  test('a loop that has caught up takes events without the log', async () => {
    const {reads, push, loop} = openLoop()
    push(maxBufferedEvents + 1)
    await take(loop, maxBufferedEvents + 1)
    push(10)
    expect(await take(loop, 10)).toHaveLength(10)
    expect(reads).toEqual([maxBufferedEvents])
  })

  test.each([
    ['nothing', [], 'got none'],
    ['events that it took before', [1, 2], 'got event 1'],
  ])('a loop ends with an error where the log has %s', async (_what, seqs, got) => {
    const events = createSessionEvents({lastSeq: 5, isClosed: false, read: async () => seqs.map(event)})
    const loop = events.open(2)
    await expect(loop.next()).rejects.toThrow(`Expected event 3 of the log, ${got}`)
    expect(await loop.next()).toEqual({done: true, value: undefined})
  })

  test('calls of next at the same time get different events, in order', async () => {
    const {push, loop} = openLoop()
    const results = Promise.all(upTo(5).map(() => loop.next()))
    push(2)
    push(3)
    expect((await results).map(({value}) => value?.seq)).toEqual(upTo(5))
  })
})
