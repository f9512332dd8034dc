import {getEventListeners} from 'node:events'
import {setImmediate as turn} from 'node:timers/promises'
import {afterEach, beforeEach, expect, test, vi} from 'vitest'
import {
  createConnection,
  createMemoryPair,
  type ConnectionOptions,
  type RequestOptions,
  RpcError,
  type Transport,
} from '../src/index.ts'

beforeEach(() => {
  vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout', 'performance']})
})

afterEach(() => {
  vi.useRealTimers()
})

/** Methods whose notifications do not say to which request they belong. */
interface Agent {
  prompt(params: {name: string}): unknown
  next(): string
  mark(): void
  start(): void
}

interface Client {
  delta(params: {text: string}): void
}

/** `near` sends prompts; the far end sends deltas and answers when the test calls `stream` and `answer`. */
function connect(options: ConnectionOptions<Client, Agent> = {}) {
  const [nearEnd, farEnd] = createMemoryPair()
  const started: string[] = []
  const running = new Map<string, PromiseWithResolvers<unknown>>()
  const far = createConnection<Agent, Client>(farEnd, {
    handlers: {
      prompt({name}) {
        started.push(name)
        const answer = Promise.withResolvers<unknown>()
        running.set(name, answer)
        return answer.promise
      },
    },
  })
  const near = createConnection<Client, Agent>(nearEnd, options)
  const received: string[] = []
  const prompt = (name: string, how: Omit<RequestOptions, 'notifications'> = {}) => {
    const {lane = 'session', ...rest} = how
    const answer = near.request(
      'prompt',
      {name},
      {
        lane,
        ...rest,
        notifications: {delta: ({text}) => received.push(`${name} ${text}`)},
      },
    )
    answer.then(
      (result) => received.push(`${name} → ${String(result)}`),
      (error: unknown) => received.push(`${name} ✗ ${error instanceof Error ? error.message : String(error)}`),
    )
    return answer
  }
  const stream = (text: string) => far.notify('delta', {text})
  const answer = async (name: string, result: unknown) => {
    running.get(name)?.resolve(result)
    await turn()
  }
  return {near, far, started, running, received, prompt, stream, answer}
}

test('runs the requests of a lane one after another, in the order of the calls', async () => {
  const {prompt, started, answer, received} = connect()
  for (const name of ['a', 'b', 'c']) void prompt(name)
  await turn()
  expect(started).toEqual(['a'])
  await answer('a', 1)
  expect(started).toEqual(['a', 'b'])
  await answer('b', 2)
  await answer('c', 3)
  expect(received).toEqual(['a → 1', 'b → 2', 'c → 3'])
})

test('lanes do not wait for each other, nor do requests without a lane', async () => {
  const {prompt, near, started} = connect()
  void prompt('a', {lane: 'one'})
  void prompt('b', {lane: 'two'})
  void near.request('prompt', {name: 'c'})
  await turn()
  expect(started).toEqual(['a', 'b', 'c'])
})

test('sends the first request of a lane at once, before later messages', async () => {
  const {near, far, prompt, started} = connect()
  far.subscribe('mark', () => started.push('mark'))
  void prompt('a')
  near.notify('mark')
  await turn()
  expect(started).toEqual(['a', 'mark'])
})

test('delivers the notifications that arrive while a request runs to that request, before it resolves, and to no other', async () => {
  const {prompt, stream, answer, received} = connect()
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
  expect(received).toEqual(['a 1', 'a 2', 'a → done', 'b 3', 'b → done'])
})

test('continues with the next request after an error', async () => {
  const {prompt, running, answer, received} = connect()
  void prompt('a').catch(() => {})
  void prompt('b')
  await turn()
  running.get('a')!.reject(new RpcError(1, 'no'))
  await turn()
  await answer('b', 'done')
  expect(received).toEqual(['a ✗ no', 'b → done'])
})

test("a cancelled request rejects at once; the next one waits for the peer's answer to it, and gets none of its notifications", async () => {
  const {near, prompt, stream, answer, started, received} = connect()
  const controller = new AbortController()
  void prompt('a', {signal: controller.signal}).catch(() => {})
  void prompt('b')
  await turn()
  stream('1')
  await turn()
  controller.abort('cancelled')
  await turn()
  expect(received).toEqual(['a 1', 'a ✗ cancelled'])
  stream('2')
  await turn()
  expect(started).toEqual(['a'])
  await answer('a', 'too late')
  expect(started).toEqual(['a', 'b'])
  stream('3')
  await answer('b', 'done')
  expect(received).toEqual(['a 1', 'a ✗ cancelled', 'b 3', 'b → done'])
  expect(near.counters.late).toBe(2)
})

test('continues after `laneGraceMs` if the peer does not answer a cancelled request', async () => {
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

test('a request with a laneGraceMs of its own keeps its notifications from the next one, however late its peer answers', async () => {
  const {near, prompt, stream, answer, started, received} = connect()
  void prompt('a', {timeoutMs: 100, laneGraceMs: Infinity}).catch(() => {})
  void prompt('b')
  await vi.advanceTimersByTimeAsync(100)
  // A peer that ignores cancels goes on.
  await vi.advanceTimersByTimeAsync(1e9)
  stream('1')
  await turn()
  expect(started).toEqual(['a'])
  await answer('a', 'much too late')
  stream('2')
  await answer('b', 'done')
  expect(received.slice(1)).toEqual(['b 2', 'b → done'])
  await expect(near.request('next', undefined, {lane: 'session', laneGraceMs: -1})).rejects.toThrow('`laneGraceMs`')
})

test('a waiting request is not sent if it is aborted, and its deadline has not started', async () => {
  const {prompt, answer, started, received} = connect()
  const controller = new AbortController()
  void prompt('a', {timeoutMs: Infinity})
  void prompt('b', {signal: controller.signal}).catch(() => {})
  void prompt('c', {timeoutMs: 100})
  await vi.advanceTimersByTimeAsync(1000)
  controller.abort('never mind')
  await turn()
  expect(received).toEqual(['b ✗ never mind'])
  await answer('a', 'done')
  await answer('c', 'done')
  expect(started).toEqual(['a', 'c'])
  expect(received.slice(1)).toEqual(['a → done', 'c → done'])
})

test('continues after a request that cannot be encoded', async () => {
  const {near, prompt, started} = connect()
  const name = 1n as unknown as string
  await expect(near.request('prompt', {name}, {lane: 'session'})).rejects.toMatchObject({code: 'unencodable'})
  void prompt('b')
  await turn()
  expect(started).toEqual(['b'])
})

test('rejects a request beyond 1000 waiting in a lane', async () => {
  const {near} = connect()
  const requests = Array.from({length: 1002}, () => near.request('prompt', {name: 'a'}, {lane: 'session'}))
  const rejected = Promise.allSettled(requests)
  await expect(requests.at(-1)).rejects.toMatchObject({code: 'overflow'})
  await near.close()
  const codes = (await rejected).map((each) => each.status === 'rejected' && (each.reason as {code: string}).code)
  expect(codes.filter((code) => code === 'peer-gone')).toHaveLength(1001)
})

test('when the peer is gone, waiting requests reject with the same error as pending ones', async () => {
  const {near, far, prompt} = connect()
  const controller = new AbortController()
  const requests = [prompt('a', {signal: controller.signal}), prompt('b'), prompt('c', {lane: 'other'})]
  const errors = Promise.all(requests.map((request) => request.catch((error: unknown) => error)))
  await turn()
  controller.abort('cancelled')
  await far.close('bye')
  const [first, second, third] = await errors
  expect(first).toBe('cancelled')
  expect(second).toMatchObject({code: 'peer-gone'})
  expect(third).toBe(second)
  await expect(near.request('prompt', {name: 'd'}, {lane: 'session'})).rejects.toBe(second)
  expect(vi.getTimerCount()).toBe(0)
})

test('rejects `notifications` without a `lane`', async () => {
  const {near} = connect()
  await expect(near.request('prompt', {name: 'a'}, {notifications: {}})).rejects.toThrow('to come with a `lane`')
})

test('calls a listener on arrival even while its promise is pending, and reports its rejection as a fault', async () => {
  const faults: unknown[] = []
  const {near, far} = connect({onFault: (error, {method}) => faults.push([method, (error as Error).message])})
  const received: string[] = []
  const receive = async ({text}: {text: string}) => {
    received.push(text)
    await turn()
    throw new Error(`cannot show ${text}`)
  }
  far.subscribe('start', () => {
    for (const text of 'abc') far.notify('delta', {text})
  })
  const request = near.request(
    'prompt',
    {name: 'a'},
    {lane: 'session', timeoutMs: 100, notifications: {delta: receive}},
  )
  near.notify('start')
  const rejected = expect(request).rejects.toMatchObject({code: 'timeout'})
  await vi.advanceTimersByTimeAsync(100)
  await rejected
  expect(received).toEqual(['a', 'b', 'c'])
  await turn()
  expect(faults).toEqual(['a', 'b', 'c'].map((text) => ['delta', `cannot show ${text}`]))
})

test('removes its listeners from a shared signal when requests end', async () => {
  const {near, far, running} = connect()
  const {signal} = new AbortController()
  const requests = ['a', 'b', 'c'].map((name) => near.request('prompt', {name}, {lane: 'session', signal}))
  await turn()
  running.get('a')!.resolve(1)
  await requests[0]
  expect(getEventListeners(signal, 'abort')).toHaveLength(2)
  await far.close()
  await Promise.allSettled(requests)
  expect(getEventListeners(signal, 'abort')).toHaveLength(0)
})

test('waits for the answer without a limit if `laneGraceMs` is Infinity, and throws if it is below 0', async () => {
  const {prompt, answer, started} = connect({laneGraceMs: Infinity})
  void prompt('a', {timeoutMs: 100}).catch(() => {})
  void prompt('b')
  await vi.advanceTimersByTimeAsync(1e9)
  expect(started).toEqual(['a'])
  await answer('a', 'too late')
  expect(started).toEqual(['a', 'b'])
  for (const laneGraceMs of [-1, NaN]) expect(() => connect({laneGraceMs})).toThrow('Expected `laneGraceMs`')
})

test('a notification for a cancelled request that arrived while this process was suspended does not reach the next request', async () => {
  vi.useRealTimers()
  const [nearEnd, farEnd] = createMemoryPair()
  // Like a pipe, which Node reads after it has run due timers.
  const listen: Transport['listen'] = ({message}) =>
    nearEnd.listen({message: (each) => void setImmediate(() => message(each))})
  const near = createConnection<Client, Agent>({...nearEnd, queuedBytes: 0, replaced: 0, listen}, {laneGraceMs: 50})
  const far = createConnection<Agent, Client>(farEnd, {
    handlers: {next: () => 'done', prompt: () => new Promise(() => {})},
  })
  const controller = new AbortController()
  const received: unknown[] = []
  const notifications = {delta: (params: unknown) => received.push(params)}
  const cancelled = near.request('prompt', {name: 'a'}, {lane: 'session', signal: controller.signal, notifications})
  const next = near.request('next', undefined, {lane: 'session', notifications})
  controller.abort('cancelled')
  await expect(cancelled).rejects.toBe('cancelled')
  setImmediate(() => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 700)
    far.notify('delta', {text: 'for the cancelled request'})
  })
  expect(await next).toBe('done')
  expect(received).toEqual([])
  expect(near.counters.late).toBe(1)
})
