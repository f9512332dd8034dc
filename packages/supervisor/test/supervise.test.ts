import {beforeEach, describe, expect, test} from 'vitest'

import {planReconnect} from '@holdfast/recovery'

import {supervise, type Supervisor, type SupervisorOptions, type SupervisorStatus} from '../src/supervise.ts'
import {type Clock, createClock, settle} from './fixtures/clock.ts'
import {createLines, type Line, type LineStart} from './fixtures/lines.ts'

let clock: Clock
let starts: LineStart[]
let statuses: SupervisorStatus<string>[]

beforeEach(() => {
  clock = createClock()
  statuses = []
})

function keep(options: Partial<SupervisorOptions<Line, string>> = {}): Supervisor<Line> {
  const lines = createLines()
  starts = lines.starts
  const onStatus = (status: SupervisorStatus<string>) => statuses.push(status)
  return supervise<Line, string>({start: lines.start, now: clock.now, wait: clock.wait, onStatus, ...options})
}

/** A supervisor whose first line is open. */
async function keepLive(options: Partial<SupervisorOptions<Line, string>> = {}): Promise<Supervisor<Line>> {
  const supervisor = keep(options)
  const value = supervisor.current()
  await settle()
  at(0).open()
  await value
  return supervisor
}

function at(index: number): LineStart {
  return starts[index] ?? expect.fail(`Expected ${index + 1} starts, got ${starts.length}`)
}

/** Lets lines die at once, until the supervisor gives up. */
async function useUpBudget(): Promise<void> {
  for (const [index, delayMs] of [0, 500, 2000].entries()) {
    at(index).die(`death ${index + 1}`)
    await clock.advance(delayMs)
    at(index + 1).open()
    await settle()
  }
  at(3).die('death 4')
  await settle()
}

describe('current', () => {
  test('starts nothing before it is asked, and one life for all who ask', async () => {
    const supervisor = keep()
    await settle()
    expect(starts).toHaveLength(0)
    const values = Promise.all(Array.from({length: 20}, () => supervisor.current()))
    await settle()
    at(0).open()
    expect(new Set(await values)).toEqual(new Set([{name: 'line 1'}]))
    expect(starts).toHaveLength(1)
    expect(statuses).toEqual([{kind: 'starting'}, {kind: 'live', generation: 1}])
  })

  test('twenty calls in flight at a death start one life', async () => {
    const supervisor = await keepLive()
    at(0).die('killed')
    await settle()
    const values = Promise.all(Array.from({length: 20}, () => supervisor.current()))
    await settle()
    at(1).open()
    expect(new Set(await values)).toEqual(new Set([{name: 'line 2'}]))
    expect(starts).toHaveLength(2)
  })

  test('gives up waiting when its signal aborts, and the start goes on', async () => {
    const supervisor = keep()
    const abort = new AbortController()
    const impatient = supervisor.current({signal: abort.signal})
    const patient = supervisor.current({signal: new AbortController().signal})
    await settle()
    abort.abort(new Error('changed my mind'))
    await expect(impatient).rejects.toThrow('changed my mind')
    await expect(supervisor.current({signal: abort.signal})).rejects.toThrow('changed my mind')
    at(0).open()
    expect(await patient).toEqual({name: 'line 1'})
  })
})

describe('a death', () => {
  test('is followed by a restart that nobody asked for', async () => {
    const supervisor = await keepLive()
    at(0).die('killed')
    await settle()
    expect(starts).toHaveLength(2)
    expect(supervisor.status).toEqual({kind: 'recovering', attempt: 1, of: 3, end: 'killed'})
    at(1).open()
    await settle()
    expect(supervisor.status).toEqual({kind: 'live', generation: 2})
  })

  test('of a start counts like any other, and its error is told', async () => {
    const supervisor = keep()
    const value = supervisor.current()
    await settle()
    const error = new Error('no memory')
    at(0).fail(error)
    await settle()
    expect(supervisor.status).toEqual({kind: 'recovering', attempt: 1, of: 3, end: undefined, error})
    at(1).open()
    expect(await value).toEqual({name: 'line 2'})
  })

  test('is followed by no more than three restarts, with growing pauses', async () => {
    const supervisor = await keepLive()
    const asked = useUpBudget().then(() => supervisor.current())
    await expect(asked).rejects.toMatchObject({name: 'RecoveryError', code: 'gave-up'})
    expect(supervisor.status).toEqual({kind: 'gave-up', reason: 'budget', attempts: 3, end: 'death 4'})
    await clock.advance(3_600_000)
    expect(starts).toHaveLength(4)
    expect(clock.waiting).toBe(0)
  })

  test('in a chain is told as one, and followed by a pause of 30 s', async () => {
    const supervisor = await keepLive()
    for (let death = 1; death < 5; death += 1) {
      await clock.advance(20_000)
      at(death - 1).die(`death ${death}`)
      await settle()
      expect(supervisor.status).not.toHaveProperty('crashLoop')
      await clock.advance(2000)
      at(death).open()
      await settle()
    }
    await clock.advance(20_000)
    at(4).die('death 5')
    await settle()
    expect(supervisor.status).toMatchObject({kind: 'recovering', crashLoop: true})
    await clock.advance(29_999)
    expect(starts).toHaveLength(5)
    await clock.advance(1)
    expect(starts).toHaveLength(6)
  })

  test('with planReconnect as its plan is followed by attempts for ever', async () => {
    const supervisor = keep({plan: planReconnect})
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

  test('that trying again cannot mend is final, and those who wait are told', async () => {
    const supervisor = keep({isStartable: (error) => (error as Error).message !== 'ENOENT'})
    const value = supervisor.current()
    await settle()
    const error = new Error('ENOENT')
    at(0).fail(error)
    await expect(value).rejects.toMatchObject({code: 'gave-up', cause: error})
    expect(supervisor.status).toEqual({kind: 'gave-up', reason: 'not-startable', attempts: 0, end: undefined, error})
    expect(starts).toHaveLength(1)
  })

  test('of a start function that throws is a failed start', async () => {
    const supervisor = keep({
      start: () => {
        throw new TypeError('broken')
      },
      isStartable: () => false,
    })
    await expect(supervisor.current()).rejects.toMatchObject({code: 'gave-up', cause: new TypeError('broken')})
  })

  test('of an earlier life changes nothing', async () => {
    const supervisor = await keepLive()
    at(0).closesSlowly = true
    supervisor.restart('new settings')
    await clock.advance(15_000)
    at(1).open()
    await settle()
    at(0).die('long after')
    await settle()
    expect(supervisor.status).toEqual({kind: 'live', generation: 2})
    expect(starts).toHaveLength(2)
  })

  test('is planned with the whole history by a plan of the user', async () => {
    const kinds: string[][] = []
    await keepLive({
      plan(history) {
        kinds.push(history.map(({kind}) => kind))
        return {kind: 'give-up', reason: 'budget', attempts: 0}
      },
    })
    at(0).die('killed')
    await settle()
    expect(kinds).toEqual([['start', 'ready', 'end']])
  })
})

describe('a start that takes too long', () => {
  test('counts as a death, is told to give up, and is closed if it comes up after all', async () => {
    const supervisor = keep()
    const value = supervisor.current()
    await clock.advance(14_999)
    expect(at(0).signal.aborted).toBe(false)
    await clock.advance(1)
    expect(at(0).signal.aborted).toBe(true)
    expect(supervisor.status).toMatchObject({kind: 'recovering', attempt: 1, error: {code: 'start-timeout'}})
    expect(starts).toHaveLength(2)
    at(0).open()
    await settle()
    expect(at(0).closedFor).toEqual(['it came up too late'])
    expect(supervisor.status).toMatchObject({kind: 'recovering'})
    at(1).open()
    expect(await value).toEqual({name: 'line 2'})
  })

  test('is not charged twice when it fails after its deadline', async () => {
    const supervisor = keep()
    void supervisor.current()
    await clock.advance(15_000)
    at(0).fail(new Error('given up'))
    await settle()
    expect(supervisor.status).toMatchObject({attempt: 1, error: {code: 'start-timeout'}})
    expect(starts).toHaveLength(2)
  })

  test('leaves no timer behind when it comes up in time', async () => {
    const supervisor = await keepLive()
    expect(clock.waiting).toBe(0)
    expect(at(0).signal.aborted).toBe(false)
    await supervisor.close('done')
    expect(at(0).signal.aborted).toBe(false)
  })
})

describe('restart', () => {
  test('ends the present life before it starts the next', async () => {
    const supervisor = await keepLive()
    at(0).closesSlowly = true
    supervisor.restart('new settings')
    const value = supervisor.current()
    await settle()
    expect(at(0).closedFor).toEqual(['new settings'])
    expect(starts).toHaveLength(1)
    at(0).die('as asked')
    await settle()
    at(1).open()
    expect(await value).toEqual({name: 'line 2'})
    expect(clock.waiting).toBe(0)
  })

  test('is free: ten of them leave the budget whole', async () => {
    const supervisor = await keepLive()
    for (let n = 1; n <= 10; n += 1) {
      supervisor.restart('again')
      await settle()
      at(n).open()
      await settle()
    }
    at(10).die('killed')
    await settle()
    expect(supervisor.status).toMatchObject({kind: 'recovering', attempt: 1, of: 3})
  })

  test('ends a pause between restarts', async () => {
    const supervisor = await keepLive()
    at(0).die('death 1')
    await settle()
    at(1).open()
    await settle()
    at(1).die('death 2')
    await clock.advance(499)
    expect(starts).toHaveLength(2)
    supervisor.restart('now')
    await settle()
    expect(starts).toHaveLength(3)
    expect(supervisor.status).toEqual({kind: 'starting'})
    await clock.advance(14_000)
    expect(starts).toHaveLength(3)
  })

  test('gives up a start under way, and waits until that has cleaned up', async () => {
    const supervisor = keep()
    const value = supervisor.current()
    await settle()
    supervisor.restart('wrong settings')
    await settle()
    expect(at(0).signal.aborted).toBe(true)
    expect(starts).toHaveLength(1)
    at(0).fail(at(0).signal.reason)
    await settle()
    at(1).open()
    expect(await value).toEqual({name: 'line 2'})
    expect(statuses.map(({kind}) => kind)).toEqual(['starting', 'starting', 'live'])
  })

  test('asked for twice starts one life', async () => {
    const supervisor = await keepLive()
    at(0).closesSlowly = true
    supervisor.restart('once')
    supervisor.restart('twice')
    await settle()
    at(0).die('as asked')
    await settle()
    expect(starts).toHaveLength(2)
    expect(at(0).closedFor).toEqual(['once'])
  })

  test('starts the first life when there was none', async () => {
    keep().restart('go')
    await settle()
    expect(starts).toHaveLength(1)
  })
})

describe('after giving up', () => {
  test.each(['retry', 'restart'] as const)('%s starts again with a fresh budget', async (method) => {
    const supervisor = await keepLive()
    await useUpBudget()
    supervisor[method]('by hand')
    expect(supervisor.status).toEqual({kind: 'starting'})
    const value = supervisor.current()
    await settle()
    at(4).die('death 5')
    at(4).open()
    await value
    await settle()
    expect(supervisor.status).toMatchObject({kind: 'recovering', attempt: 1, of: 3})
  })

  test('retry ends the pause before a restart, and grants a fresh budget', async () => {
    const supervisor = keep({plan: planReconnect})
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
    // The pause that was ended begins nothing any more.
    await clock.advance(10_000)
    expect(starts).toHaveLength(5)
    at(4).fail(new Error('nobody listens'))
    await settle()
    expect(supervisor.status).toMatchObject({kind: 'recovering', attempt: 1})
  })

  test('retry does not disturb a restart under way', async () => {
    const supervisor = await keepLive()
    at(0).die('death 1')
    await settle()
    expect(starts).toHaveLength(2)
    supervisor.retry()
    await settle()
    expect(starts).toHaveLength(2)
    expect(supervisor.status).toMatchObject({kind: 'recovering', attempt: 1})
  })

  test('retry does nothing before', async () => {
    const supervisor = await keepLive()
    supervisor.retry()
    await settle()
    expect(starts).toHaveLength(1)
    expect(supervisor.status).toEqual({kind: 'live', generation: 1})
  })
})

describe('close', () => {
  test('ends the present life, resolves when it has ended, and starts no other', async () => {
    const supervisor = await keepLive()
    at(0).closesSlowly = true
    let isClosed = false
    const closing = supervisor.close('quit').then(() => (isClosed = true))
    await settle()
    expect(isClosed).toBe(false)
    at(0).die('as asked')
    await closing
    await supervisor.close('again')
    supervisor.restart('no')
    supervisor.retry()
    await clock.advance(60_000)
    expect(starts).toHaveLength(1)
    expect(at(0).closedFor).toEqual(['quit'])
    expect(statuses.at(-1)).toEqual({kind: 'closed', reason: 'quit'})
    await expect(supervisor.current()).rejects.toMatchObject({code: 'closed'})
  })

  test('rejects those who wait, and closes a start that comes up after it', async () => {
    const supervisor = keep()
    const value = supervisor.current()
    await settle()
    const closing = supervisor.close('quit')
    await expect(value).rejects.toMatchObject({code: 'closed'})
    expect(at(0).signal.aborted).toBe(true)
    await settle()
    expect(clock.waiting).toBe(0)
    at(0).open()
    await closing
    expect(at(0).closedFor).toEqual(['it came up too late'])
    expect(supervisor.status).toEqual({kind: 'closed', reason: 'quit'})
  })

  test('waits for a life that a restart has told to end, and starts no other', async () => {
    const supervisor = await keepLive()
    at(0).closesSlowly = true
    supervisor.restart('new settings')
    const closing = supervisor.close('quit')
    await settle()
    expect(clock.waiting).toBe(0)
    at(0).die('as asked')
    await closing
    await settle()
    expect(starts).toHaveLength(1)
    expect(at(0).closedFor).toEqual(['new settings'])
  })

  test('ends a pause between restarts', async () => {
    const supervisor = await keepLive({plan: () => ({kind: 'restart', delayMs: 1000, attempt: 1, of: 1})})
    at(0).die('killed')
    await settle()
    expect(clock.waiting).toBe(1)
    await supervisor.close('quit')
    expect(clock.waiting).toBe(0)
  })

  test('before the first start is enough', async () => {
    const supervisor = keep()
    await supervisor.close('never mind')
    await expect(supervisor.current()).rejects.toMatchObject({code: 'closed'})
    expect(starts).toHaveLength(0)
  })

  test('may be called by the listener of a status', async () => {
    const supervisor = keep({
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

test('runs on the real clock when none is given', async () => {
  const lines = createLines()
  const supervisor = supervise({start: lines.start, plan: () => ({kind: 'restart', delayMs: 1, attempt: 1, of: 1})})
  const value = supervisor.current()
  await settle()
  lines.starts[0]?.fail(new Error('not yet'))
  while (lines.starts.length < 2) await settle()
  lines.starts[1]?.open()
  expect(await value).toEqual({name: 'line 2'})
  await supervisor.close('done')
})
