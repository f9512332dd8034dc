import {getEventListeners} from 'node:events'
import {setImmediate as turn} from 'node:timers/promises'
import {afterEach, beforeEach, expect, test, vi} from 'vitest'
import {createConnection, createMemoryPair, type ConnectionOptions, RpcError, type Transport} from '../src/index.ts'

beforeEach(() => {
  vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout', 'performance']})
})

afterEach(() => {
  vi.useRealTimers()
})

/** `near` prompts; the far end streams and answers when the test says so, and its notifications carry no request id. */
function connect(options: ConnectionOptions = {}) {
  const [nearEnd, farEnd] = createMemoryPair()
  const started: string[] = []
  const running = new Map<string, PromiseWithResolvers<unknown>>()
  const far = createConnection(farEnd, {
    handlers: {
      prompt({name}: {name: string}) {
        started.push(name)
        const answer = Promise.withResolvers<unknown>()
        running.set(name, answer)
        return answer.promise
      },
    },
  })
  const near = createConnection(nearEnd, options)
  const heard: string[] = []
  const prompt = (name: string, how: {signal?: AbortSignal; lane?: string; timeoutMs?: number} = {}) => {
    const {lane = 'session', ...rest} = how
    const answer = near.request(
      'prompt',
      {name},
      {
        lane,
        ...rest,
        notifications: {delta: ({text}: {text: string}) => heard.push(`${name} ${text}`)},
      },
    )
    answer.then(
      (result) => heard.push(`${name} → ${String(result)}`),
      (error: unknown) => heard.push(`${name} ✗ ${error instanceof Error ? error.message : String(error)}`),
    )
    return answer
  }
  const stream = (text: string) => far.notify('delta', {text})
  const answer = async (name: string, result: unknown) => {
    running.get(name)?.resolve(result)
    await turn()
  }
  return {near, far, started, running, heard, prompt, stream, answer}
}

test('calls in one lane run one after another, in the order in which they were made', async () => {
  const {prompt, started, answer, heard} = connect()
  for (const name of ['a', 'b', 'c']) void prompt(name)
  await turn()
  expect(started).toEqual(['a'])
  await answer('a', 1)
  expect(started).toEqual(['a', 'b'])
  await answer('b', 2)
  await answer('c', 3)
  expect(heard).toEqual(['a → 1', 'b → 2', 'c → 3'])
})

test('lanes do not wait for each other, nor do calls without one', async () => {
  const {prompt, near, started} = connect()
  void prompt('a', {lane: 'one'})
  void prompt('b', {lane: 'two'})
  void near.request('prompt', {name: 'c'})
  await turn()
  expect(started).toEqual(['a', 'b', 'c'])
})

test('the first call of a lane is sent at once, before what is sent after it', async () => {
  const {near, far, prompt, started} = connect()
  far.subscribe('mark', () => started.push('mark'))
  void prompt('a')
  near.notify('mark')
  await turn()
  expect(started).toEqual(['a', 'mark'])
})

test('what arrives while a call runs goes to it, all of it before it resolves, and none of it to the next', async () => {
  const {prompt, stream, answer, heard} = connect()
  void prompt('a')
  void prompt('b')
  await turn()
  stream('1')
  stream('2')
  await answer('a', 'done')
  stream('3')
  await answer('b', 'done')
  stream('4')
  await turn()
  expect(heard).toEqual(['a 1', 'a 2', 'a → done', 'b 3', 'b → done'])
})

test('an answer that is an error gives the turn on', async () => {
  const {prompt, running, answer, heard} = connect()
  void prompt('a').catch(() => {})
  void prompt('b')
  await turn()
  running.get('a')!.reject(new RpcError(1, 'no'))
  await turn()
  await answer('b', 'done')
  expect(heard).toEqual(['a ✗ no', 'b → done'])
})

test('a cancelled call rejects at once; the next is held until the peer has answered, and hears nothing of it', async () => {
  const {near, prompt, stream, answer, started, heard} = connect()
  const controller = new AbortController()
  void prompt('a', {signal: controller.signal}).catch(() => {})
  void prompt('b')
  await turn()
  stream('1')
  await turn()
  controller.abort('cancelled')
  await turn()
  expect(heard).toEqual(['a 1', 'a ✗ cancelled'])
  stream('2')
  await turn()
  expect(started).toEqual(['a'])
  await answer('a', 'too late')
  expect(started).toEqual(['a', 'b'])
  stream('3')
  await answer('b', 'done')
  expect(heard).toEqual(['a 1', 'a ✗ cancelled', 'b 3', 'b → done'])
  expect(near.counters.late).toBe(2)
})

test('a peer that never answers a cancelled call holds the lane for the grace, not longer', async () => {
  const {prompt, answer, started} = connect({laneGraceMs: 500})
  void prompt('a', {timeoutMs: 100}).catch(() => {})
  void prompt('b')
  await vi.advanceTimersByTimeAsync(100)
  await vi.advanceTimersByTimeAsync(499)
  await turn()
  expect(started).toEqual(['a'])
  await vi.advanceTimersByTimeAsync(1)
  await turn()
  expect(started).toEqual(['a', 'b'])
  await answer('a', 'much too late')
  await answer('b', 'done')
  expect(vi.getTimerCount()).toBe(0)
})

test('a call that waits is not sent when it is aborted, and has no deadline yet', async () => {
  const {prompt, answer, started, heard} = connect()
  const controller = new AbortController()
  void prompt('a', {timeoutMs: Infinity})
  void prompt('b', {signal: controller.signal}).catch(() => {})
  void prompt('c', {timeoutMs: 100})
  await vi.advanceTimersByTimeAsync(1000)
  controller.abort('never mind')
  await turn()
  expect(heard).toEqual(['b ✗ never mind'])
  await answer('a', 'done')
  await answer('c', 'done')
  expect(started).toEqual(['a', 'c'])
  expect(heard.slice(1)).toEqual(['a → done', 'c → done'])
})

test('a call that cannot be encoded gives the turn on', async () => {
  const {near, prompt, started} = connect()
  await expect(near.request('prompt', {n: 1n}, {lane: 'session'})).rejects.toMatchObject({code: 'unencodable'})
  void prompt('b')
  await turn()
  expect(started).toEqual(['b'])
})

test('1000 calls may wait in a lane, and one more is refused', async () => {
  const {near} = connect()
  const calls = Array.from({length: 1002}, () => near.request('prompt', {name: 'a'}, {lane: 'session'}))
  const rejected = Promise.allSettled(calls)
  await expect(calls.at(-1)).rejects.toMatchObject({code: 'overflow'})
  await near.close()
  const codes = (await rejected).map((each) => each.status === 'rejected' && (each.reason as {code: string}).code)
  expect(codes.filter((code) => code === 'peer-gone')).toHaveLength(1001)
})

test('when the peer goes, those who wait in a lane reject with the same error as all others', async () => {
  const {near, far, prompt} = connect()
  const controller = new AbortController()
  const calls = [prompt('a', {signal: controller.signal}), prompt('b'), prompt('c', {lane: 'other'})]
  const errors = Promise.all(calls.map((call) => call.catch((error: unknown) => error)))
  await turn()
  controller.abort('cancelled')
  await far.close('bye')
  const [first, second, third] = await errors
  expect(first).toBe('cancelled')
  expect(second).toMatchObject({code: 'peer-gone'})
  expect(third).toBe(second)
  await expect(near.request('prompt', {}, {lane: 'session'})).rejects.toBe(second)
  expect(vi.getTimerCount()).toBe(0)
})

test('notifications without a lane are refused: overlapping calls could not tell whose they are', async () => {
  const {near} = connect()
  await expect(near.request('prompt', {}, {notifications: {}})).rejects.toThrow('to come with a `lane`')
})

test('a listener that returns promises hears all on arrival, too; that one of them rejects is a fault', async () => {
  const faults: unknown[] = []
  const {near, far} = connect({onFault: (error, {method}) => faults.push([method, (error as Error).message])})
  const heard: string[] = []
  const hear = async ({text}: {text: string}) => {
    heard.push(text)
    await turn()
    throw new Error(`cannot show ${text}`)
  }
  far.subscribe('start', () => {
    for (const text of 'abc') far.notify('delta', {text})
  })
  const call = near.request('prompt', {name: 'a'}, {lane: 'session', timeoutMs: 100, notifications: {delta: hear}})
  near.notify('start')
  const rejected = expect(call).rejects.toMatchObject({code: 'timeout'})
  await vi.advanceTimersByTimeAsync(100)
  await rejected
  expect(heard).toEqual(['a', 'b', 'c'])
  await turn()
  expect(faults).toEqual(['a', 'b', 'c'].map((text) => ['delta', `cannot show ${text}`]))
})

test('a signal that many calls share forgets those that are over', async () => {
  const {near, far, running} = connect()
  const {signal} = new AbortController()
  const calls = ['a', 'b', 'c'].map((name) => near.request('prompt', {name}, {lane: 'session', signal}))
  await turn()
  running.get('a')!.resolve(1)
  await calls[0]
  expect(getEventListeners(signal, 'abort')).toHaveLength(2)
  await far.close()
  await Promise.allSettled(calls)
  expect(getEventListeners(signal, 'abort')).toHaveLength(0)
})

test('an endless grace holds the lane until the answer; one that is none is refused', async () => {
  const {prompt, answer, started} = connect({laneGraceMs: Infinity})
  void prompt('a', {timeoutMs: 100}).catch(() => {})
  void prompt('b')
  await vi.advanceTimersByTimeAsync(1e9)
  expect(started).toEqual(['a'])
  await answer('a', 'too late')
  expect(started).toEqual(['a', 'b'])
  for (const laneGraceMs of [-1, NaN]) expect(() => connect({laneGraceMs})).toThrow('Expected `laneGraceMs`')
})

test('what came for a cancelled call while this process stood still does not reach the next one', async () => {
  vi.useRealTimers()
  const [nearEnd, farEnd] = createMemoryPair()
  // As from a pipe: what arrived is read after the timers that are due.
  const listen: Transport['listen'] = ({message}) =>
    nearEnd.listen({message: (each) => void setImmediate(() => message(each))})
  const near = createConnection({...nearEnd, queuedBytes: 0, replaced: 0, listen}, {laneGraceMs: 50})
  const far = createConnection(farEnd, {handlers: {next: () => 'done', prompt: () => new Promise(() => {})}})
  const controller = new AbortController()
  const heard: unknown[] = []
  const notifications = {delta: (params: unknown) => heard.push(params)}
  const cancelled = near.request('prompt', {}, {lane: 'session', signal: controller.signal, notifications})
  const next = near.request('next', {}, {lane: 'session', notifications})
  controller.abort('cancelled')
  await expect(cancelled).rejects.toBe('cancelled')
  setImmediate(() => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 700)
    far.notify('delta', {of: 'the cancelled call'})
  })
  expect(await next).toBe('done')
  expect(heard).toEqual([])
  expect(near.counters.late).toBe(1)
})
