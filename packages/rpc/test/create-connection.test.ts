import {setImmediate as turn} from 'node:timers/promises'
import {expect, test, vi} from 'vitest'
import {override} from './broken/broken-transport.ts'
import {
  type CloseReason,
  createConnection,
  createMemoryPair,
  type Connection,
  type ConnectionOptions,
  type HandlerContext,
  type MemoryPairOptions,
  type Noise,
  PeerGoneError,
  RpcError,
  rpcErrorCodes,
  TransportError,
  type Transport,
} from '../src/index.ts'

/** `near` asks, `far` serves. */
function connect(far: ConnectionOptions = {}, near: ConnectionOptions = {}, pair: MemoryPairOptions = {}) {
  const [nearEnd, farEnd] = createMemoryPair(pair)
  return {near: createConnection(nearEnd, near), far: createConnection(farEnd, far)}
}

/** A connection, and the bare other end: what it writes, and what was written to it. */
function connectBare(options: ConnectionOptions = {}) {
  const [nearEnd, bare] = createMemoryPair()
  const received: unknown[] = []
  bare.listen({message: (message) => received.push(message)})
  const send = async (...messages: unknown[]): Promise<unknown[]> => {
    const from = received.length
    for (const message of messages) bare.write(message as Parameters<Transport['write']>[0])
    await turn()
    return received.slice(from)
  }
  return {near: createConnection(nearEnd, options), bare, received, send}
}

const greet = ({name}: {name: string}) => `Hello ${name}`

test('a request is answered with what the handler returns', async () => {
  const {near} = connect({handlers: {greet, later: async () => ({done: true}), nothing: () => undefined}})
  expect(await near.request('greet', {name: 'Ada'})).toBe('Hello Ada')
  expect(await near.request('later')).toEqual({done: true})
  expect(await near.request('nothing')).toBe(null)
})

test('both sides ask, and a handler can ask back whoever asked it', async () => {
  const {near} = connect(
    {handlers: {double: async (_params, {peer}) => 2 * Number(await peer.request('howMany'))}},
    {handlers: {howMany: () => 21}},
  )
  expect(await near.request('double')).toBe(42)
})

test('answers in any order reach their callers', async () => {
  const gates = new Map<number, () => void>()
  const {near} = connect({
    handlers: {wait: ({n}: {n: number}) => new Promise((resolve) => gates.set(n, () => resolve(n)))},
  })
  const answers = [near.request('wait', {n: 0}), near.request('wait', {n: 1}), near.request('wait', {n: 2})]
  await turn()
  for (const n of [2, 0, 1]) gates.get(n)?.()
  expect(await Promise.all(answers)).toEqual([0, 1, 2])
})

test('an id is compared by type and value', async () => {
  const {near, send} = connectBare()
  const answer = near.request('ask')
  await send({jsonrpc: '2.0', id: '1', result: 'wrong'}, {jsonrpc: '2.0', id: 1, result: 'right'})
  expect(await answer).toBe('right')
  expect(near.counters.unknown).toBe(1)
})

test('an answer without a result is an answer', async () => {
  const {near, send} = connectBare()
  const answer = near.request('ask')
  await send({jsonrpc: '2.0', id: 1})
  expect(await answer).toBe(undefined)
})

test('the error of the peer arrives as it was thrown', async () => {
  const thrown = new RpcError(4001, 'Expected a session, got `x`', {id: 'x'})
  const {near, far} = connect({
    handlers: {
      fail: () => {
        throw thrown
      },
    },
  })
  await expect(near.request('fail')).rejects.toMatchObject({
    name: 'RpcError',
    code: 4001,
    message: thrown.message,
    data: {id: 'x'},
  })
  expect(far.counters.faults).toBe(0)
})

test('a handler that throws anything else is a fault here, and an internal error without a stack there', async () => {
  const faults: unknown[] = []
  const broken = new TypeError('x is not a function')
  const {near, far} = connect({
    handlers: {
      broken: () => {
        throw broken
      },
      odd: () => Promise.reject(Object.create(null)),
    },
    onFault: (error, {method}) => {
      faults.push([method, error])
      throw new Error('a report that fails')
    },
  })
  const error = await near.request('broken').catch((each: unknown) => each)
  expect(error).toMatchObject({code: -32603, message: 'Internal error: x is not a function', data: undefined})
  await expect(near.request('odd')).rejects.toMatchObject({code: -32603})
  expect(faults).toEqual([
    ['broken', broken],
    ['odd', {}],
  ])
  expect(far.counters.faults).toBe(2)
})

test('a method that nobody serves is answered -32601, whatever its name', async () => {
  const {near} = connect({handlers: {greet}})
  for (const method of ['missing', 'constructor', '__proto__', 'toString']) {
    await expect(near.request(method)).rejects.toMatchObject({code: rpcErrorCodes.methodNotFound})
  }
})

test('the fallback serves what has no handler', async () => {
  const {near} = connect({handlers: {greet}, fallback: (method, params) => [method, params]})
  expect(await near.request('greet', {name: 'Ada'})).toBe('Hello Ada')
  expect(await near.request('other', {a: 1})).toEqual(['other', {a: 1}])
})

test('notifications reach the handler and every subscriber, in order, before the answer that came after them', async () => {
  const seen: unknown[] = []
  const {near} = connect(
    {
      handlers: {
        count: (_params, {peer}) => {
          for (let n = 1; n <= 3; n++) peer.notify('tick', {n})
          return 'counted'
        },
      },
    },
    {handlers: {tick: ({n}: {n: number}) => seen.push(`handler ${n}`)}},
  )
  near.subscribe('tick', (params) => seen.push(params))
  const unsubscribe = near.subscribe('tick', () => seen.push('unsubscribed'))
  unsubscribe()
  unsubscribe()
  const answer = near.request('count').then((result) => seen.push(result))
  await answer
  expect(seen).toEqual(['handler 1', {n: 1}, 'handler 2', {n: 2}, 'handler 3', {n: 3}, 'counted'])
})

test('a notification is led on as it came, without being made anew', async () => {
  const {near: source, far: between} = connect()
  const [out, end] = createMemoryPair()
  const next = createConnection(out)
  const texts: (string | undefined)[] = []
  end.listen({message: (_message, text) => texts.push(text)})
  between.subscribe('event', (params, json) => next.notify('event', params, json), {withJson: true})
  // As our own encoder would not write it.
  const json = '{"seq":1.0, "text":"\\u0061"}'
  source.notify('event', {seq: 1, text: 'a'}, json)
  source.notify('event', {seq: 2})
  await turn()
  expect(texts).toEqual([
    `{"jsonrpc":"2.0","method":"event","params":${json}}`,
    '{"jsonrpc":"2.0","method":"event","params":{"seq":2}}',
  ])
})

test('the JSON of a notification is at hand only where it was written as we do, in one line', async () => {
  const {near, bare} = connectBare()
  const heard: unknown[] = []
  near.subscribe('event', (params, json) => heard.push([params, json]), {withJson: true})
  const message = {jsonrpc: '2.0', method: 'event', params: {n: 1}} as const
  for (const text of [
    '{"jsonrpc":"2.0","method":"event","params":{"n":1}}',
    '{"method":"event","jsonrpc":"2.0","params":{"n":1}}',
    '{"jsonrpc":"2.0","method":"event","params":{"n":\n1}}',
    '{"jsonrpc":"2.0","method":"event","params":{"n":1}}\r',
  ])
    bare.write(message, text)
  await turn()
  expect(heard).toEqual([
    [{n: 1}, '{"n":1}'],
    [{n: 1}, undefined],
    [{n: 1}, undefined],
    [{n: 1}, undefined],
  ])
})

test('a subscriber that leaves while a message is delivered hears no more', () => {
  return new Promise<void>((resolve) => {
    const {near, far} = connect()
    const heard: string[] = []
    near.subscribe('tick', () => {
      heard.push('first')
      leave()
    })
    const leave = near.subscribe('tick', () => heard.push('second'))
    near.subscribe('end', () => {
      expect(heard).toEqual(['first'])
      resolve()
    })
    far.notify('tick')
    far.notify('end')
  })
})

test('a subscriber or a handler of a notification that throws hurts only its own message', async () => {
  const faults: string[] = []
  const throws = () => {
    throw new Error('three')
  }
  const {near, far} = connect(
    {},
    {
      handlers: {tick: throws, later: () => Promise.reject(new Error('later'))},
      onFault: (_error, {method}) => faults.push(method),
    },
  )
  const seen: unknown[] = []
  near.subscribe('tick', throws)
  near.subscribe('tick', async () => throws())
  near.subscribe('tick', (params) => seen.push(params))
  far.notify('tick', {n: 1})
  far.notify('later')
  far.notify('tick', {n: 2})
  await turn()
  expect(seen).toEqual([{n: 1}, {n: 2}])
  expect(faults.toSorted()).toEqual(['later', ...Array.from({length: 6}, () => 'tick')])
  expect(near.counters.faults).toBe(7)
})

test('what is malformed is answered -32600, but a notification and a response never', async () => {
  const {near, send} = connectBare({handlers: {greet}})
  const invalid = (id: unknown) => ({
    jsonrpc: '2.0',
    id,
    error: {code: -32600, message: expect.stringMatching(/^Expected /)},
  })
  expect(await send(42)).toEqual([invalid(null)])
  expect(await send([])).toEqual([invalid(null)])
  expect(await send(null)).toEqual([invalid(null)])
  expect(await send({jsonrpc: '2.0'})).toEqual([invalid(null)])
  expect(await send({jsonrpc: '2.0', id: 7})).toEqual([invalid(7)])
  expect(await send({jsonrpc: '2.0', id: {}, method: 'greet', params: {}})).toEqual([invalid(null)])
  expect(await send({jsonrpc: '2.0', id: 'a', method: 'greet', params: 'Ada'})).toEqual([invalid('a')])
  expect(near.counters.noise).toBe(7)
  expect(await send({jsonrpc: '2.0', method: 'greet', params: 'Ada'})).toEqual([])
  expect(await send({jsonrpc: '2.0', method: 'nobody'})).toEqual([])
  expect(await send({jsonrpc: '2.0', id: 99, result: 1}, {jsonrpc: '2.0', id: null, error: {code: 1}})).toEqual([])
  expect(near.counters).toMatchObject({noise: 8, unknown: 2})
})

test('an id that is still running is not served a second time', async () => {
  const handler = vi.fn(() => new Promise(() => {}))
  const {send} = connectBare({handlers: {wait: handler}})
  const request = {jsonrpc: '2.0', id: 1, method: 'wait'}
  expect(await send(request, request)).toMatchObject([{id: 1, error: {code: -32600}}])
  expect(handler).toHaveBeenCalledTimes(1)
})

test('a request that gets no answer in time rejects, is cancelled at the peer, and its late answer is counted', async () => {
  vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout', 'performance']})
  try {
    const {near, received, send} = connectBare({timeoutMs: 5000})
    const short = near.request('short', {}, {timeoutMs: 100})
    const usual = near.request('usual')
    const endless = near.request('endless', {}, {timeoutMs: Infinity})
    const timedOut = expect(short).rejects.toMatchObject({code: 'timeout', method: 'short', timeoutMs: 100})
    await vi.advanceTimersByTimeAsync(100)
    await timedOut
    expect(received.at(-1)).toEqual({jsonrpc: '2.0', method: '$/cancelRequest', params: {id: 1}})
    const timedOutToo = expect(usual).rejects.toThrow('Expected an answer to `usual` within 5000 ms, got none')
    await vi.advanceTimersByTimeAsync(1e9)
    await timedOutToo
    await send({jsonrpc: '2.0', id: 1, result: 'late'}, {jsonrpc: '2.0', id: 1, result: 'again'})
    expect(near.counters).toMatchObject({late: 1, repeated: 1, unknown: 0})
    const answered = near.request('answered')
    await send({jsonrpc: '2.0', id: 3, result: 'at last'}, {jsonrpc: '2.0', id: 4, result: 'at once'})
    expect([await endless, await answered]).toEqual(['at last', 'at once'])
    expect(vi.getTimerCount()).toBe(0)
  } finally {
    vi.useRealTimers()
  }
})

test('an aborted request rejects with the reason, and aborts the signal of its handler', async () => {
  const aborted = Promise.withResolvers<unknown>()
  const {near, far} = connect({
    handlers: {
      wait: (_params, {signal}) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            aborted.resolve(signal.reason)
            reject(new Error('stopped'))
          })
        }),
    },
  })
  const controller = new AbortController()
  const request = near.request('wait', {}, {signal: controller.signal})
  await turn()
  const reason = new Error('the user pressed Ctrl-C')
  controller.abort(reason)
  await expect(request).rejects.toBe(reason)
  expect(await aborted.promise).toMatchObject({code: rpcErrorCodes.requestCancelled})
  await turn()
  expect(near.counters.late).toBe(1)
  expect(far.counters.faults).toBe(0)
  await expect(near.request('wait', {}, {signal: controller.signal})).rejects.toBe(reason)
})

test('a deadline that is none is refused', async () => {
  const {near} = connect()
  await expect(near.request('ask', {}, {timeoutMs: 0})).rejects.toThrow(RangeError)
  await expect(near.request('ask', {}, {timeoutMs: NaN})).rejects.toThrow('got `NaN`')
  expect(() => connect({timeoutMs: -1})).toThrow(RangeError)
})

test('when the peer closes, every pending and every later request rejects with one error that says why', async () => {
  const {near, far} = connect({handlers: {wait: () => new Promise(() => {})}})
  const errors = Promise.all(
    [near.request('wait'), near.request('wait')].map((each) => each.catch((error: unknown) => error)),
  )
  await turn()
  await far.close('shutting down')
  const [first, second] = await errors
  expect(first).toBeInstanceOf(PeerGoneError)
  expect(first).toMatchObject({reason: {by: 'peer', message: expect.stringContaining('shutting down')}})
  expect(second).toBe(first)
  await expect(near.request('wait')).rejects.toBe(first)
  expect(near.notify('tick')).toBe(false)
  near.subscribe('tick', () => {})()
  await near.close()
  expect(await near.closed).toMatchObject({by: 'peer'})
})

test('a write that finds the peer gone is the death of all that waits', async () => {
  const [end] = createMemoryPair()
  let isGone = false
  const near = createConnection({...end, queuedBytes: 0, write: () => !isGone})
  const pending = near.request('ask').catch((error: unknown) => error)
  isGone = true
  expect(near.notify('tick')).toBe(false)
  const error = await pending
  expect(error).toBeInstanceOf(PeerGoneError)
  await expect(near.request('ask')).rejects.toBe(error)
})

test('closing rejects what waits here, and aborts what runs on both sides', async () => {
  const signals: AbortSignal[] = []
  const wait = (_params: unknown, {signal}: HandlerContext) => {
    signals.push(signal)
    return new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(new Error('stopped')))
    })
  }
  const {near, far} = connect({handlers: {wait}}, {handlers: {wait}})
  const rejected = [near, far].map((each) => expect(each.request('wait')).rejects.toThrow(PeerGoneError))
  near.notify('wait')
  await turn()
  await near.close('done')
  await Promise.all([...rejected, far.closed])
  await turn()
  expect(signals.map((signal) => signal.aborted)).toEqual([true, true, true])
  expect([near.counters.faults, far.counters.faults]).toEqual([0, 0])
  expect(await near.closed).toEqual({by: 'us', message: 'done'})
})

test('`responded` resolves when the answer was written, and when it never will be', async () => {
  const order: string[] = []
  const never = Promise.withResolvers<void>()
  const {near, far} = connect({
    handlers: {
      resume: (_params, {peer, responded}) => {
        void responded.then(() => peer.notify('event'))
        return 'state'
      },
      wait: (_params, {responded}) => {
        void responded.then(() => never.resolve())
        return new Promise(() => {})
      },
    },
  })
  near.subscribe('event', () => order.push('event'))
  const answer = near.request('resume').then(() => order.push('answer'))
  await answer
  await turn()
  expect(order).toEqual(['answer', 'event'])
  const lost = near.request('wait').catch((error: unknown) => error)
  await turn()
  await far.close()
  await never.promise
  expect(await lost).toBeInstanceOf(PeerGoneError)
})

test('the context of a notification has no id, and nothing to wait for', async () => {
  const heard = Promise.withResolvers<HandlerContext>()
  const {near, far} = connect({handlers: {tick: (_params, context) => heard.resolve(context)}})
  near.notify('tick')
  const {requestId, responded, signal, peer} = await heard.promise
  expect({requestId, aborted: signal.aborted, isPeer: peer === far}).toEqual({
    requestId: null,
    aborted: false,
    isPeer: true,
  })
  await responded
})

test('a request that cannot be sent rejects alone', async () => {
  const {near} = connect({handlers: {greet}})
  await expect(near.request('greet', {name: 1n})).rejects.toMatchObject({name: 'TransportError', code: 'unencodable'})
  expect(() => near.notify('tick', {n: 1n})).toThrow(TransportError)
  expect(await near.request('greet', {name: 'Ada'})).toBe('Hello Ada')
})

test('a caller whose answer cannot be sent is told so', async () => {
  const {near, far} = connect({
    handlers: {
      cycle: () => {
        const result: Record<string, unknown> = {}
        return (result['self'] = result)
      },
      odd: () => {
        throw new RpcError(1, 'with data that JSON cannot carry', 1n)
      },
    },
  })
  await expect(near.request('cycle')).rejects.toMatchObject({
    code: -32603,
    message: expect.stringContaining('could not be sent'),
  })
  await expect(near.request('odd')).rejects.toMatchObject({code: -32603})
  expect(far.counters.faults).toBe(2)
})

test('an answer that a full queue cannot hold becomes an error once the queue has drained', async () => {
  const big = 'x'.repeat(3000)
  const {near} = connect({handlers: {big: () => big}}, {}, {maxQueuedBytes: 5000})
  const answers = await Promise.allSettled([near.request('big'), near.request('big')])
  expect(answers).toMatchObject([
    {status: 'fulfilled', value: big},
    {status: 'rejected', reason: {code: -32603, message: expect.stringContaining('at most 5000')}},
  ])
})

test('queuedBytes and drained are those of the transport', async () => {
  const [end, other] = createMemoryPair()
  const near: Connection = createConnection(end)
  near.notify('tick')
  expect(near.queuedBytes).toBe(end.queuedBytes)
  expect(near.queuedBytes).toBeGreaterThan(0)
  other.listen({message: () => {}})
  await near.drained()
})

test('an id that was answered before, or is used twice, is counted as repeated', async () => {
  const {near, send} = connectBare({handlers: {wait: () => new Promise(() => {})}})
  const answer = near.request('ask')
  await send({jsonrpc: '2.0', id: 1, result: 'first'}, {jsonrpc: '2.0', id: 1, result: 'second'})
  expect(await answer).toBe('first')
  await send({jsonrpc: '2.0', id: 'x', method: 'wait'}, {jsonrpc: '2.0', id: 'x', method: 'wait'})
  await send(
    {jsonrpc: '2.0', id: 2, result: 0},
    {jsonrpc: '2.0', id: 0.5, result: 0},
    {jsonrpc: '2.0', id: '1', result: 0},
  )
  expect(near.counters).toMatchObject({repeated: 2, unknown: 3, late: 0, noise: 0})
})

test('noise is answered once until something comes that is none, and only by those who serve', async () => {
  const noises = [{kind: 'not-json'}, {kind: 'not-json'}, 'message', {kind: 'not-an-object'}, {kind: 'incomplete-line'}]
  const written: unknown[] = []
  const open = (options: ConnectionOptions) => {
    const [end] = createMemoryPair()
    const write = (message: unknown) => written.push(message) > 0
    const listen: Transport['listen'] = ({message, noise}) => {
      for (const each of noises) {
        if (typeof each === 'string') message({jsonrpc: '2.0', method: 'nobody'})
        else noise?.({kind: each.kind as Noise['kind'], bytes: 7})
      }
    }
    return createConnection({...end, queuedBytes: 0, replaced: 0, write, listen}, options)
  }
  expect(open({}).counters.noise).toBe(4)
  expect(written).toEqual([])
  expect(open({handlers: {greet}}).counters.noise).toBe(4)
  expect(written).toEqual([
    {jsonrpc: '2.0', id: null, error: {code: -32700, message: 'Expected a message, got 7 bytes that are not json'}},
    {
      jsonrpc: '2.0',
      id: null,
      error: {code: -32600, message: 'Expected a message, got 7 bytes that are not an object'},
    },
  ])
})

test('an answer that came while this process stood still is not late', async () => {
  const [nearEnd, farEnd] = createMemoryPair()
  // As from a pipe: what arrived is read after the timers that are due.
  const listen: Transport['listen'] = ({message}) =>
    nearEnd.listen({message: (each) => void setImmediate(() => message(each))})
  const near = createConnection({...nearEnd, queuedBytes: 0, replaced: 0, listen}, {timeoutMs: 50})
  const asked = Promise.withResolvers<string>()
  createConnection(farEnd, {handlers: {greet: () => asked.promise}})
  const answer = near.request('greet')
  setImmediate(() => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 700)
    asked.resolve('Hello')
  })
  expect(await answer).toBe('Hello')
})

test('a death that a write noticed first carries the facts once they are known', async () => {
  const [end] = createMemoryPair()
  const closed = Promise.withResolvers<CloseReason>()
  const near = createConnection({...end, queuedBytes: 0, replaced: 0, write: () => false, closed: closed.promise})
  const error = await near.request('ask').catch((each: unknown) => each)
  expect(error).toMatchObject({message: 'The peer is gone: it takes no more messages'})
  closed.resolve({by: 'peer', message: 'its process ended with code 1', code: 1, stderr: ['ModuleNotFoundError: x']})
  await turn()
  const later = await near.request('ask').catch((each: unknown) => each)
  expect(later).toBe(error)
  expect(later).toMatchObject({
    message: 'The peer is gone: its process ended with code 1',
    reason: {code: 1, stderr: ['ModuleNotFoundError: x']},
  })
})

test('nobody can subscribe to a peer that is gone', async () => {
  const {near, far} = connect()
  await far.close()
  await near.closed
  const subscriber = vi.fn()
  near.subscribe('tick', subscriber)()
  far.notify('tick')
  await turn()
  expect(subscriber).not.toHaveBeenCalled()
})

test('a fault of our own that a write noticed first is no death of the peer once it is known', async () => {
  const [end] = createMemoryPair()
  const closed = Promise.withResolvers<CloseReason>()
  const near = createConnection({...end, queuedBytes: 0, replaced: 0, write: () => false, closed: closed.promise})
  const error = await near.request('ask').catch((each: unknown) => each)
  closed.resolve({by: 'fault', message: 'the stream failed: ENOSPC', errno: 'ENOSPC'})
  await turn()
  expect(error).toMatchObject({reason: {by: 'fault', errno: 'ENOSPC'}})
})

test('a report of faults that rejects ends nothing', async () => {
  const unhandled = vi.fn()
  process.once('unhandledRejection', unhandled)
  const broken = () => {
    throw new Error('broken')
  }
  const {near} = connect({handlers: {broken}, onFault: async () => broken()})
  await expect(near.request('broken')).rejects.toMatchObject({code: -32603})
  await turn()
  process.off('unhandledRejection', unhandled)
  expect(unhandled).not.toHaveBeenCalled()
})

test('a request that nobody serves is answered, too, when the queue was full', async () => {
  const [nearEnd, farEnd] = createMemoryPair({maxQueuedBytes: 500})
  const far = createConnection(farEnd, {handlers: {}})
  far.notify('filler', {text: 'x'.repeat(450)})
  const near = createConnection(override(nearEnd, {listen: () => {}}))
  const answers: unknown[] = []
  void near.request('a'.repeat(120)).catch(() => {})
  await turn()
  expect(far.counters.faults).toBe(1)
  nearEnd.listen({message: (message) => answers.push(message)})
  await turn()
  const error = {code: -32601, message: `Expected a method that is served here, got \`${'a'.repeat(100)}\``}
  expect(answers.slice(1)).toEqual([{jsonrpc: '2.0', id: 1, error}])
})

test('a peer that asks and takes no answers is not served for ever: the connection is closed', async () => {
  const [bare, farEnd] = createMemoryPair({maxQueuedBytes: 1_000_000})
  const far = createConnection(farEnd, {handlers: {ask: () => 'answer'}})
  far.notify('filler', {text: 'x'.repeat(999_930)})
  for (let id = 0; id < 15_000; id++) bare.write({jsonrpc: '2.0', id, method: 'ask'})
  await turn()
  expect(await far.closed).toMatchObject({by: 'us', message: 'it asks, and takes no answers'})
  expect(far.counters.faults).toBeLessThan(11_000)
})

test('a handler may return anything that has a `then`: it is answered once', async () => {
  const twice = {
    // oxlint-disable-next-line unicorn/no-thenable -- that is what is tested
    then(resolve: (value: number) => void) {
      resolve(1)
      resolve(2)
    },
  }
  const {send} = connectBare({handlers: {twice: () => twice}})
  expect(await send({jsonrpc: '2.0', id: 1, method: 'twice'})).toEqual([{jsonrpc: '2.0', id: 1, result: 1}])
})

test('a subscriber whose promise is broken hears the next message', async () => {
  const {near, far} = connect()
  const seen: unknown[] = []
  near.subscribe('tick', (params) => {
    seen.push(params)
    return {
      // oxlint-disable-next-line unicorn/no-thenable -- that is what is tested
      then() {
        throw new Error('broken')
      },
    }
  })
  far.notify('tick', {n: 1})
  far.notify('tick', {n: 2})
  await turn()
  expect(seen).toEqual([{n: 1}, {n: 2}])
  expect(near.counters.faults).toBe(2)
})

test('a handler that closes its own connection is told at once that it will not answer', async () => {
  const told = Promise.withResolvers<boolean>()
  const {near} = connect({
    handlers: {
      async leave(_params, {peer, responded, signal}) {
        await peer.close()
        await responded
        told.resolve(signal.aborted)
      },
    },
  })
  await expect(near.request('leave')).rejects.toThrow(PeerGoneError)
  expect(await told.promise).toBe(true)
})

test('who closes says how long what is queued may take', async () => {
  const [end] = createMemoryPair()
  const close = vi.fn<Transport['close']>(async () => {})
  const near = createConnection(override(end, {close}))
  await near.close('in a hurry', {deadlineMs: 5})
  expect(close.mock.calls).toEqual([['in a hurry', {deadlineMs: 5}]])
})
