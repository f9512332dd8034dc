import {beforeEach, describe, expect, test} from 'vitest'

import {planReconnect} from '@holdfast/recovery'

import {supervise, type Supervisor, type SupervisorOptions, type SupervisorStatus} from '../src/supervise.ts'
import {type Clock, createClock, settle} from './fixtures/clock.ts'
import {type Connection, type ConnectionStart, createConnections} from './fixtures/connections.ts'

let clock: Clock
let starts: ConnectionStart[]
let statuses: SupervisorStatus<string>[]

beforeEach(() => {
  clock = createClock()
  statuses = []
})

function createSupervisor(options: Partial<SupervisorOptions<Connection, string>> = {}): Supervisor<Connection> {
  const connections = createConnections()
  starts = connections.starts
  const onStatus = (status: SupervisorStatus<string>) => statuses.push(status)
  return supervise<Connection, string>({
    start: connections.start,
    now: clock.now,
    wait: clock.wait,
    onStatus,
    ...options,
  })
}

/** A supervisor whose first connection is open. */
async function createLive(
  options: Partial<SupervisorOptions<Connection, string>> = {},
): Promise<Supervisor<Connection>> {
  const supervisor = createSupervisor(options)
  const value = supervisor.current()
  await settle()
  at(0).open()
  await value
  return supervisor
}

function at(index: number): ConnectionStart {
  return starts[index] ?? expect.fail(`Expected ${index + 1} starts, got ${starts.length}`)
}

/** Loses each connection at once, until the supervisor gives up. */
async function exhaustBudget(): Promise<void> {
  for (const [index, delayMs] of [0, 500, 2000].entries()) {
    at(index).lose(`loss ${index + 1}`)
    await clock.advance(delayMs)
    at(index + 1).open()
    await settle()
  }
  at(3).lose('loss 4')
  await settle()
}

describe('current', () => {
  test('starts nothing before the first call, and one instance for all callers', async () => {
    const supervisor = createSupervisor()
    await settle()
    expect(starts).toHaveLength(0)
    const values = Promise.all(Array.from({length: 20}, () => supervisor.current()))
    await settle()
    at(0).open()
    expect(new Set(await values)).toEqual(new Set([{name: 'connection 1'}]))
    expect(starts).toHaveLength(1)
    expect(statuses).toEqual([{kind: 'starting'}, {kind: 'live', generation: 1}])
  })

  test('twenty calls in flight at a loss start one instance', async () => {
    const supervisor = await createLive()
    at(0).lose('killed')
    await settle()
    const values = Promise.all(Array.from({length: 20}, () => supervisor.current()))
    await settle()
    at(1).open()
    expect(new Set(await values)).toEqual(new Set([{name: 'connection 2'}]))
    expect(starts).toHaveLength(2)
  })

  test('stops waiting when its signal aborts, and the start continues', async () => {
    const supervisor = createSupervisor()
    const abort = new AbortController()
    const impatient = supervisor.current({signal: abort.signal})
    const patient = supervisor.current({signal: new AbortController().signal})
    await settle()
    abort.abort(new Error('changed my mind'))
    await expect(impatient).rejects.toThrow('changed my mind')
    await expect(supervisor.current({signal: abort.signal})).rejects.toThrow('changed my mind')
    at(0).open()
    expect(await patient).toEqual({name: 'connection 1'})
  })
})

describe('the end of an instance', () => {
  test('is followed by a restart without a call', async () => {
    const supervisor = await createLive()
    at(0).lose('killed')
    await settle()
    expect(starts).toHaveLength(2)
    expect(supervisor.status).toEqual({kind: 'recovering', attempt: 1, of: 3, end: 'killed'})
    at(1).open()
    await settle()
    expect(supervisor.status).toEqual({kind: 'live', generation: 2})
  })

  test('before it was ready counts like any other, and the status has its error', async () => {
    const supervisor = createSupervisor()
    const value = supervisor.current()
    await settle()
    const error = new Error('no memory')
    at(0).fail(error)
    await settle()
    expect(supervisor.status).toEqual({kind: 'recovering', attempt: 1, of: 3, end: undefined, error})
    at(1).open()
    expect(await value).toEqual({name: 'connection 2'})
  })

  test('is followed by three restarts at most, with growing delays', async () => {
    const supervisor = await createLive()
    const asked = exhaustBudget().then(() => supervisor.current())
    await expect(asked).rejects.toMatchObject({name: 'RecoveryError', code: 'gave-up'})
    expect(supervisor.status).toEqual({kind: 'gave-up', reason: 'budget', attempts: 3, end: 'loss 4'})
    await clock.advance(3_600_000)
    expect(starts).toHaveLength(4)
    expect(clock.waiting).toBe(0)
  })

  test('in a crash loop says so in the status, and is followed by a delay of 30 s', async () => {
    const supervisor = await createLive()
    for (let loss = 1; loss < 5; loss += 1) {
      await clock.advance(20_000)
      at(loss - 1).lose(`loss ${loss}`)
      await settle()
      expect(supervisor.status).not.toHaveProperty('crashLoop')
      await clock.advance(2000)
      at(loss).open()
      await settle()
    }
    await clock.advance(20_000)
    at(4).lose('loss 5')
    await settle()
    expect(supervisor.status).toMatchObject({kind: 'recovering', crashLoop: true})
    await clock.advance(29_999)
    expect(starts).toHaveLength(5)
    await clock.advance(1)
    expect(starts).toHaveLength(6)
  })

  test('is followed by attempts without end if planReconnect is the plan', async () => {
    const supervisor = createSupervisor({plan: planReconnect})
    void supervisor.current()
    await settle()
    for (const [index, delayMs] of [1000, 2000, 4000, 8000, 16_000, ...Array<number>(2000).fill(30_000)].entries()) {
      at(index).fail(new Error('nobody listens'))
      await clock.advance(delayMs - 1)
      expect(starts).toHaveLength(index + 1)
      await clock.advance(1)
    }
    expect(starts).toHaveLength(2006)
    expect(supervisor.status).toMatchObject({kind: 'recovering', of: Infinity})
  })

  test('is final where a retry is pointless, and rejects waiting callers', async () => {
    const supervisor = createSupervisor({isStartable: (error) => (error as Error).message !== 'ENOENT'})
    const value = supervisor.current()
    await settle()
    const error = new Error('ENOENT')
    at(0).fail(error)
    await expect(value).rejects.toMatchObject({code: 'gave-up', cause: error})
    expect(supervisor.status).toEqual({kind: 'gave-up', reason: 'not-startable', attempts: 0, end: undefined, error})
    expect(starts).toHaveLength(1)
  })

  test('follows a start function that throws', async () => {
    const supervisor = createSupervisor({
      start: () => {
        throw new TypeError('broken')
      },
      isStartable: () => false,
    })
    await expect(supervisor.current()).rejects.toMatchObject({code: 'gave-up', cause: new TypeError('broken')})
  })

  test('that is not current any more changes nothing', async () => {
    const supervisor = await createLive()
    at(0).closesSlowly = true
    supervisor.restart('new settings')
    await clock.advance(15_000)
    at(1).open()
    await settle()
    at(0).lose('long after')
    await settle()
    expect(supervisor.status).toEqual({kind: 'live', generation: 2})
    expect(starts).toHaveLength(2)
  })

  test('is planned with the whole history by a custom plan', async () => {
    const kinds: string[][] = []
    await createLive({
      plan(history) {
        kinds.push(history.map(({kind}) => kind))
        return {kind: 'give-up', reason: 'budget', attempts: 0}
      },
    })
    at(0).lose('killed')
    await settle()
    expect(kinds).toEqual([['start', 'ready', 'end']])
  })
})

describe('a start that takes too long', () => {
  test('counts as an end, aborts its signal, and is closed if it becomes ready after all', async () => {
    const supervisor = createSupervisor()
    const value = supervisor.current()
    await clock.advance(14_999)
    expect(at(0).signal.aborted).toBe(false)
    await clock.advance(1)
    expect(at(0).signal.aborted).toBe(true)
    expect(supervisor.status).toMatchObject({kind: 'recovering', attempt: 1, error: {code: 'start-timeout'}})
    expect(starts).toHaveLength(2)
    at(0).open()
    await settle()
    expect(at(0).closeReasons).toEqual(['it was ready too late'])
    expect(supervisor.status).toMatchObject({kind: 'recovering'})
    at(1).open()
    expect(await value).toEqual({name: 'connection 2'})
  })

  test('counts once when it fails after its deadline', async () => {
    const supervisor = createSupervisor()
    void supervisor.current()
    await clock.advance(15_000)
    at(0).fail(new Error('given up'))
    await settle()
    expect(supervisor.status).toMatchObject({attempt: 1, error: {code: 'start-timeout'}})
    expect(starts).toHaveLength(2)
  })

  test('leaves no timer behind when it is ready in time', async () => {
    const supervisor = await createLive()
    expect(clock.waiting).toBe(0)
    expect(at(0).signal.aborted).toBe(false)
    await supervisor.close('done')
    expect(at(0).signal.aborted).toBe(false)
  })
})

describe('restart', () => {
  test('ends the instance before it starts the next', async () => {
    const supervisor = await createLive()
    at(0).closesSlowly = true
    supervisor.restart('new settings')
    const value = supervisor.current()
    await settle()
    expect(at(0).closeReasons).toEqual(['new settings'])
    expect(starts).toHaveLength(1)
    at(0).lose('as requested')
    await settle()
    at(1).open()
    expect(await value).toEqual({name: 'connection 2'})
    expect(clock.waiting).toBe(0)
  })

  test('does not use the budget, even ten times', async () => {
    const supervisor = await createLive()
    for (let n = 1; n <= 10; n += 1) {
      supervisor.restart('again')
      await settle()
      at(n).open()
      await settle()
    }
    at(10).lose('killed')
    await settle()
    expect(supervisor.status).toMatchObject({kind: 'recovering', attempt: 1, of: 3})
  })

  test('ends the delay before a restart', async () => {
    const supervisor = await createLive()
    at(0).lose('loss 1')
    await settle()
    at(1).open()
    await settle()
    at(1).lose('loss 2')
    await clock.advance(499)
    expect(starts).toHaveLength(2)
    supervisor.restart('now')
    await settle()
    expect(starts).toHaveLength(3)
    expect(supervisor.status).toEqual({kind: 'starting'})
    await clock.advance(14_000)
    expect(starts).toHaveLength(3)
  })

  test('abandons a start under way, and waits until that has cleaned up', async () => {
    const supervisor = createSupervisor()
    const value = supervisor.current()
    await settle()
    supervisor.restart('wrong settings')
    await settle()
    expect(at(0).signal.aborted).toBe(true)
    expect(starts).toHaveLength(1)
    at(0).fail(at(0).signal.reason)
    await settle()
    at(1).open()
    expect(await value).toEqual({name: 'connection 2'})
    expect(statuses.map(({kind}) => kind)).toEqual(['starting', 'starting', 'live'])
  })

  test('called twice starts one instance', async () => {
    const supervisor = await createLive()
    at(0).closesSlowly = true
    supervisor.restart('once')
    supervisor.restart('twice')
    await settle()
    at(0).lose('as requested')
    await settle()
    expect(starts).toHaveLength(2)
    expect(at(0).closeReasons).toEqual(['once'])
  })

  test('starts the first instance', async () => {
    createSupervisor().restart('go')
    await settle()
    expect(starts).toHaveLength(1)
  })
})

describe('after giving up', () => {
  test.each(['retry', 'restart'] as const)('%s starts again with a fresh budget', async (method) => {
    const supervisor = await createLive()
    await exhaustBudget()
    supervisor[method]('by hand')
    expect(supervisor.status).toEqual({kind: 'starting'})
    const value = supervisor.current()
    await settle()
    at(4).lose('loss 5')
    at(4).open()
    await value
    await settle()
    expect(supervisor.status).toMatchObject({kind: 'recovering', attempt: 1, of: 3})
  })

  test('retry ends the delay before a restart, and grants a fresh budget', async () => {
    const supervisor = createSupervisor({plan: planReconnect})
    void supervisor.current()
    await settle()
    for (const [index, delayMs] of [1000, 2000, 4000].entries()) {
      at(index).fail(new Error('nobody listens'))
      await clock.advance(delayMs)
    }
    at(3).fail(new Error('nobody listens'))
    await settle()
    supervisor.retry()
    await settle()
    expect(starts).toHaveLength(5)
    expect(statuses.at(-1)).toEqual({kind: 'starting'})
    // The delay that was ended starts nothing any more.
    await clock.advance(10_000)
    expect(starts).toHaveLength(5)
    at(4).fail(new Error('nobody listens'))
    await settle()
    expect(supervisor.status).toMatchObject({kind: 'recovering', attempt: 1})
  })

  test('retry does not disturb a restart under way', async () => {
    const supervisor = await createLive()
    at(0).lose('loss 1')
    await settle()
    expect(starts).toHaveLength(2)
    supervisor.retry()
    await settle()
    expect(starts).toHaveLength(2)
    expect(supervisor.status).toMatchObject({kind: 'recovering', attempt: 1})
  })

  test('retry does nothing before', async () => {
    const supervisor = await createLive()
    supervisor.retry()
    await settle()
    expect(starts).toHaveLength(1)
    expect(supervisor.status).toEqual({kind: 'live', generation: 1})
  })
})

describe('close', () => {
  test('ends the instance, resolves when it has ended, and starts no other', async () => {
    const supervisor = await createLive()
    at(0).closesSlowly = true
    let isClosed = false
    const closing = supervisor.close('quit').then(() => (isClosed = true))
    await settle()
    expect(isClosed).toBe(false)
    at(0).lose('as requested')
    await closing
    await supervisor.close('again')
    supervisor.restart('no')
    supervisor.retry()
    await clock.advance(60_000)
    expect(starts).toHaveLength(1)
    expect(at(0).closeReasons).toEqual(['quit'])
    expect(statuses.at(-1)).toEqual({kind: 'closed', reason: 'quit'})
    await expect(supervisor.current()).rejects.toMatchObject({code: 'closed'})
  })

  test('rejects waiting callers, and closes an instance that becomes ready later', async () => {
    const supervisor = createSupervisor()
    const value = supervisor.current()
    await settle()
    const closing = supervisor.close('quit')
    await expect(value).rejects.toMatchObject({code: 'closed'})
    expect(at(0).signal.aborted).toBe(true)
    await settle()
    expect(clock.waiting).toBe(0)
    at(0).open()
    await closing
    expect(at(0).closeReasons).toEqual(['it was ready too late'])
    expect(supervisor.status).toEqual({kind: 'closed', reason: 'quit'})
  })

  test('waits for an instance that a restart is ending, and starts no other', async () => {
    const supervisor = await createLive()
    at(0).closesSlowly = true
    supervisor.restart('new settings')
    const closing = supervisor.close('quit')
    await settle()
    expect(clock.waiting).toBe(0)
    at(0).lose('as requested')
    await closing
    await settle()
    expect(starts).toHaveLength(1)
    expect(at(0).closeReasons).toEqual(['new settings'])
  })

  test('ends the delay before a restart', async () => {
    const supervisor = await createLive({plan: () => ({kind: 'restart', delayMs: 1000, attempt: 1, of: 1})})
    at(0).lose('killed')
    await settle()
    expect(clock.waiting).toBe(1)
    await supervisor.close('quit')
    expect(clock.waiting).toBe(0)
  })

  test('works before the first start', async () => {
    const supervisor = createSupervisor()
    await supervisor.close('never mind')
    await expect(supervisor.current()).rejects.toMatchObject({code: 'closed'})
    expect(starts).toHaveLength(0)
  })

  test('may be called by the status callback', async () => {
    const supervisor = createSupervisor({
      onStatus(status) {
        statuses.push(status)
        void supervisor.close('I have seen enough')
      },
    })
    await expect(supervisor.current()).rejects.toMatchObject({code: 'closed'})
    await settle()
    expect(statuses.map(({kind}) => kind)).toEqual(['starting', 'closed'])
    expect(starts).toHaveLength(0)
  })
})

test('uses the real clock by default', async () => {
  const connections = createConnections()
  const supervisor = supervise({
    start: connections.start,
    plan: () => ({kind: 'restart', delayMs: 1, attempt: 1, of: 1}),
  })
  const value = supervisor.current()
  await settle()
  connections.starts[0]?.fail(new Error('not yet'))
  while (connections.starts.length < 2) await settle()
  connections.starts[1]?.open()
  expect(await value).toEqual({name: 'connection 2'})
  await supervisor.close('done')
})
