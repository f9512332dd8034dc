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
import {notifyRaw, type RawReceiver, type RawTransport, subscribeRaw} from '../src/raw.ts'

/** `near` sends requests, `far` serves them. */
function connect(far: ConnectionOptions = {}, near: ConnectionOptions = {}, pair: MemoryPairOptions = {}) {
  const [nearEnd, farEnd] = createMemoryPair(pair)
  return {near: createConnection(nearEnd, near), far: createConnection(farEnd, far)}
}

/** A connection, and the bare transport at its other end. */
function connectBare(options: ConnectionOptions = {}) {
  const [nearEnd, bare]: [Transport, RawTransport] = createMemoryPair()
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

const greet = (params: unknown) => `Hello ${(params as {name: string}).name}`

test('answers a request with the result of its handler', async () => {
  const {near} = connect({handlers: {greet, later: async () => ({done: true}), nothing: () => undefined}})
  expect(await near.request('greet', {name: 'Ada'})).toBe('Hello Ada')
  expect(await near.request('later')).toEqual({done: true})
  expect(await near.request('nothing')).toBe(null)
})

test('both sides can send requests, and a handler can send one back', async () => {
  const {near} = connect(
    {handlers: {double: async (_params, {peer}) => 2 * Number(await peer.request('howMany'))}},
    {handlers: {howMany: () => 21}},
  )
  expect(await near.request('double')).toBe(42)
})

test('delivers answers to their callers in any order', async () => {
  const gates = new Map<number, () => void>()
  const {near} = connect({
    handlers: {wait: (params) => new Promise((resolve) => gates.set((params as {n: number}).n, () => resolve(params)))},
  })
  const answers = [near.request('wait', {n: 0}), near.request('wait', {n: 1}), near.request('wait', {n: 2})]
  await turn()
  for (const n of [2, 0, 1]) gates.get(n)?.()
  expect(await Promise.all(answers)).toEqual([{n: 0}, {n: 1}, {n: 2}])
})

test('compares ids by type and value', async () => {
  const {near, send} = connectBare()
  const answer = near.request('ask')
  await send({jsonrpc: '2.0', id: '1', result: 'wrong'}, {jsonrpc: '2.0', id: 1, result: 'right'})
  expect(await answer).toBe('right')
  expect(near.counters.unknown).toBe(1)
})

test('accepts an answer without a result', async () => {
  const {near, send} = connectBare()
  const answer = near.request('ask')
  await send({jsonrpc: '2.0', id: 1})
  expect(await answer).toBe(undefined)
})

test("rejects with the RpcError that the peer's handler threw", async () => {
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

test('reports a handler that throws another error as a fault, and answers with an internal error without a stack', async () => {
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

test('answers a method without a handler with -32601, whatever its name', async () => {
  const {near} = connect({handlers: {greet}})
  for (const method of ['missing', 'constructor', '__proto__', 'toString']) {
    await expect(near.request(method)).rejects.toMatchObject({code: rpcErrorCodes.methodNotFound})
  }
})

test('passes requests without a handler to the fallback', async () => {
  const {near} = connect({handlers: {greet}, fallback: (method, params) => [method, params]})
  expect(await near.request('greet', {name: 'Ada'})).toBe('Hello Ada')
  expect(await near.request('other', {a: 1})).toEqual(['other', {a: 1}])
})

test('delivers notifications to the handler and every subscriber, in order, before an answer that came after them', async () => {
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
    {handlers: {tick: (params) => seen.push(['handler', params])}},
  )
  near.subscribe('tick', (params) => seen.push(params))
  const unsubscribe = near.subscribe('tick', () => seen.push('unsubscribed'))
  unsubscribe()
  unsubscribe()
  const answer = near.request('count').then((result) => seen.push(result))
  await answer
  expect(seen).toEqual([1, 2, 3].flatMap((n) => [['handler', {n}], {n}]).concat(['counted']))
})

test('forwards a raw notification without encoding it again', async () => {
  const {near: source, far: between} = connect()
  const [out, end] = createMemoryPair()
  const next = createConnection(out)
  const texts: (string | undefined)[] = []
  const receiver: RawReceiver = {message: (_message, text) => void texts.push(text)}
  end.listen(receiver)
  subscribeRaw(between, 'event', (params, json) => void notifyRaw(next, 'event', params, json))
  // Not as `JSON.stringify` would write it.
  const json = '{"seq":1.0, "text":"\\u0061"}'
  notifyRaw(source, 'event', {seq: 1, text: 'a'}, json)
  source.notify('event', {seq: 2})
  await turn()
  expect(texts).toEqual([
    `{"jsonrpc":"2.0","method":"event","params":${json}}`,
    '{"jsonrpc":"2.0","method":"event","params":{"seq":2}}',
  ])
})

test('knows the JSON of raw params only if the peer encoded the message as this package does, on one line', async () => {
  const {near, bare} = connectBare()
  const calls: unknown[] = []
  subscribeRaw(near, 'event', (params, json) => void calls.push([params, json]))
  const message = {jsonrpc: '2.0', method: 'event', params: {n: 1}} as const
  for (const text of [
    '{"jsonrpc":"2.0","method":"event","params":{"n":1}}',
    '{"method":"event","jsonrpc":"2.0","params":{"n":1}}',
    '{"jsonrpc":"2.0","method":"event","params":{"n":\n1}}',
    '{"jsonrpc":"2.0","method":"event","params":{"n":1}}\r',
  ])
    bare.write(message, text)
  await turn()
  expect(calls).toEqual([
    [{n: 1}, '{"n":1}'],
    [{n: 1}, undefined],
    [{n: 1}, undefined],
    [{n: 1}, undefined],
  ])
})

test('calls no subscriber that unsubscribed during the same delivery', () => {
  return new Promise<void>((resolve) => {
    const {near, far} = connect()
    const calls: string[] = []
    near.subscribe('tick', () => {
      calls.push('first')
      leave()
    })
    const leave = near.subscribe('tick', () => calls.push('second'))
    near.subscribe('end', () => {
      expect(calls).toEqual(['first'])
      resolve()
    })
    far.notify('tick')
    far.notify('end')
  })
})

test('a subscriber or notification handler that throws affects no other message', async () => {
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

test('answers a malformed request with -32600, and never a notification or a response', async () => {
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
  expect(await send({jsonrpc: '2.0', method: 'unknown'})).toEqual([])
  expect(await send({jsonrpc: '2.0', id: 99, result: 1}, {jsonrpc: '2.0', id: null, error: {code: 1}})).toEqual([])
  expect(near.counters).toMatchObject({noise: 8, unknown: 2})
})

test('reports each input that is not JSON-RPC in a sentence without the input', async () => {
  const noises: string[] = []
  const onNoise = (message: string) => {
    noises.push(message)
    throw new Error('cannot show it')
  }
  const {near, send} = connectBare({onNoise})
  await send([], {jsonrpc: '2.0', id: 7}, {jsonrpc: '2.0', method: 'greet', params: 'secret'})
  const [nearEnd] = createMemoryPair()
  const lines: Noise[] = [
    {kind: 'not-json', bytes: 7},
    {kind: 'line-too-long', bytes: 8},
    // The last words of a peer that was killed while it wrote.
    {kind: 'incomplete-line', bytes: 9},
  ]
  createConnection(override(nearEnd, {listen: ({noise}) => lines.forEach((line) => noise?.(line))}), {onNoise})
  expect(noises).toEqual([
    'Expected a message to be an object, got `array`',
    'Expected `method` to be a string, got `undefined`',
    'Expected `params` to be an object or an array, got `string`',
    'Expected a message, got 7 bytes that are not JSON',
    'Expected a message, got 8 bytes that are a line over the limit',
  ])
  expect(near.counters).toMatchObject({noise: 3, faults: 0})
})

test('refuses a request with the id of a running request', async () => {
  const handler = vi.fn(() => new Promise(() => {}))
  const {send} = connectBare({handlers: {wait: handler}})
  const request = {jsonrpc: '2.0', id: 1, method: 'wait'}
  expect(await send(request, request)).toMatchObject([{id: 1, error: {code: -32600}}])
  expect(handler).toHaveBeenCalledTimes(1)
})

test('a request without an answer in time rejects and is cancelled at the peer; its late answer is counted', async () => {
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
    const timedOutToo = expect(usual).rejects.toThrow('No answer to `usual` within 5000 ms')
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

test.each([
  [undefined, {method: '$/cancelRequest', params: {id: 1}}],
  ['lsp', {method: '$/cancelRequest', params: {id: 1}}],
  ['acp', {method: '$/cancel_request', params: {requestId: 1}}],
] as const)('cancels in the dialect of the peer: %s', async (cancel, sent) => {
  const {near, received} = connectBare(cancel === undefined ? {} : {cancel})
  const controller = new AbortController()
  const cancelled = expect(near.request('ask', {}, {signal: controller.signal})).rejects.toBe('cancelled')
  controller.abort('cancelled')
  await cancelled
  await turn()
  expect(received.slice(1)).toEqual([{jsonrpc: '2.0', ...sent}])
})

test.each(['lsp', 'acp'] as const)('understands both dialects of cancel, whichever it sends: %s', async (cancel) => {
  const {send} = connectBare({
    cancel,
    handlers: {
      wait: (_, {signal}) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    },
  })
  await send({jsonrpc: '2.0', id: 1, method: 'wait'}, {jsonrpc: '2.0', id: 'b', method: 'wait'})
  const refusal = {code: -32800, message: 'The caller cancelled the request'}
  expect(await send({jsonrpc: '2.0', method: '$/cancelRequest', params: {id: 1}})).toEqual([
    {jsonrpc: '2.0', id: 1, error: refusal},
  ])
  expect(await send({jsonrpc: '2.0', method: '$/cancel_request', params: {requestId: 'b'}})).toEqual([
    {jsonrpc: '2.0', id: 'b', error: refusal},
  ])
})

test("an aborted request rejects with the signal's reason, and aborts the signal of the handler", async () => {
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

test('rejects a timeout that is not above 0', async () => {
  const {near} = connect()
  await expect(near.request('ask', {}, {timeoutMs: 0})).rejects.toThrow(RangeError)
  await expect(near.request('ask', {}, {timeoutMs: NaN})).rejects.toThrow('got `NaN`')
  expect(() => connect({timeoutMs: -1})).toThrow(RangeError)
})

test('when the peer closes, all pending and later requests reject with one error that states the reason', async () => {
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

test('when a write finds the peer gone, all pending requests reject', async () => {
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

test('closing rejects pending requests, and aborts running handlers on both sides', async () => {
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

test('the context of a notification has no id, and `responded` is resolved', async () => {
  const called = Promise.withResolvers<HandlerContext>()
  const {near, far} = connect({handlers: {tick: (_params, context) => called.resolve(context)}})
  near.notify('tick')
  const {requestId, responded, signal, peer} = await called.promise
  expect({requestId, aborted: signal.aborted, isPeer: peer === far}).toEqual({
    requestId: null,
    aborted: false,
    isPeer: true,
  })
  await responded
})

test('a request that cannot be encoded affects no other request', async () => {
  const {near} = connect({handlers: {greet}})
  await expect(near.request('greet', {name: 1n})).rejects.toMatchObject({name: 'TransportError', code: 'unencodable'})
  expect(() => near.notify('tick', {n: 1n})).toThrow(TransportError)
  expect(await near.request('greet', {name: 'Ada'})).toBe('Hello Ada')
})

test('answers with an error if the result cannot be encoded', async () => {
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

test('answers with an error, once the queue has drained, if the result did not fit into it', async () => {
  const big = 'x'.repeat(3000)
  const {near} = connect({handlers: {big: () => big}}, {}, {maxQueuedBytes: 5000})
  const answers = await Promise.allSettled([near.request('big'), near.request('big')])
  expect(answers).toMatchObject([
    {status: 'fulfilled', value: big},
    {status: 'rejected', reason: {code: -32603, message: expect.stringContaining('full (5000 characters)')}},
  ])
})

test('queuedBytes and drained come from the transport', async () => {
  const [end, other] = createMemoryPair()
  const near: Connection = createConnection(end)
  near.notify('tick')
  expect(near.queuedBytes).toBe(end.queuedBytes)
  expect(near.queuedBytes).toBeGreaterThan(0)
  other.listen({message: () => {}})
  await near.drained()
})

test('counts second answers, and requests with the id of a running one, as repeated', async () => {
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

test('answers noise once until a message arrives, and only if it serves requests', async () => {
  const noises = [{kind: 'not-json'}, {kind: 'not-json'}, 'message', {kind: 'not-an-object'}, {kind: 'incomplete-line'}]
  const written: unknown[] = []
  const open = (options: ConnectionOptions) => {
    const [end] = createMemoryPair()
    const write = (message: unknown) => written.push(message) > 0
    const listen: Transport['listen'] = ({message, noise}) => {
      for (const each of noises) {
        if (typeof each === 'string') message({jsonrpc: '2.0', method: 'unknown'})
        else noise?.({kind: each.kind as Noise['kind'], bytes: 7})
      }
    }
    return createConnection({...end, queuedBytes: 0, replaced: 0, write, listen}, options)
  }
  expect(open({}).counters.noise).toBe(4)
  expect(written).toEqual([])
  expect(open({handlers: {greet}}).counters.noise).toBe(4)
  expect(written).toEqual([
    {jsonrpc: '2.0', id: null, error: {code: -32700, message: 'Expected a message, got 7 bytes that are not JSON'}},
    {
      jsonrpc: '2.0',
      id: null,
      error: {code: -32600, message: 'Expected a message, got 7 bytes that are not an object'},
    },
  ])
})

test('accepts an answer that arrived while this process was suspended beyond the deadline', async () => {
  const [nearEnd, farEnd] = createMemoryPair()
  // Like a pipe, which Node reads after it has run due timers.
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

test('after a failed write, the error takes the close reason of the transport', async () => {
  const [end] = createMemoryPair()
  const closed = Promise.withResolvers<CloseReason>()
  const near = createConnection({...end, queuedBytes: 0, replaced: 0, write: () => false, closed: closed.promise})
  const error = await near.request('ask').catch((each: unknown) => each)
  expect(error).toMatchObject({message: 'The peer is gone: it accepts no more messages'})
  closed.resolve({by: 'peer', message: 'its process exited with code 1', code: 1, stderr: ['ModuleNotFoundError: x']})
  await turn()
  const later = await near.request('ask').catch((each: unknown) => each)
  expect(later).toBe(error)
  expect(later).toMatchObject({
    message: 'The peer is gone: its process exited with code 1',
    reason: {code: 1, stderr: ['ModuleNotFoundError: x']},
  })
})

test('subscribing does nothing once the peer is gone', async () => {
  const {near, far} = connect()
  await far.close()
  await near.closed
  const subscriber = vi.fn()
  near.subscribe('tick', subscriber)()
  far.notify('tick')
  await turn()
  expect(subscriber).not.toHaveBeenCalled()
})

test('after a failed write, the error reports a local fault as such', async () => {
  const [end] = createMemoryPair()
  const closed = Promise.withResolvers<CloseReason>()
  const near = createConnection({...end, queuedBytes: 0, replaced: 0, write: () => false, closed: closed.promise})
  const error = await near.request('ask').catch((each: unknown) => each)
  closed.resolve({by: 'fault', message: 'the stream failed: ENOSPC', errno: 'ENOSPC'})
  await turn()
  expect(error).toMatchObject({reason: {by: 'fault', errno: 'ENOSPC'}})
})

test('ignores an `onFault` that rejects', async () => {
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

test('refuses a request without a handler once a full queue has drained', async () => {
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
  const error = {code: -32601, message: `Method not found: \`${'a'.repeat(100)}\``}
  expect(answers.slice(1)).toEqual([{jsonrpc: '2.0', id: 1, error}])
})

test('closes the connection to a peer that sends requests but does not read the answers', async () => {
  const [bare, farEnd] = createMemoryPair({maxQueuedBytes: 1_000_000})
  const far = createConnection(farEnd, {handlers: {ask: () => 'answer'}})
  far.notify('filler', {text: 'x'.repeat(999_930)})
  for (let id = 0; id < 15_000; id++) bare.write({jsonrpc: '2.0', id, method: 'ask'})
  await turn()
  expect(await far.closed).toMatchObject({by: 'us', message: 'the peer sends requests, but does not read the answers'})
  expect(far.counters.faults).toBeLessThan(11_000)
})

test('answers once for a handler that returns a thenable that resolves twice', async () => {
  const twice = {
    // oxlint-disable-next-line unicorn/no-thenable -- the test needs one
    then(resolve: (value: number) => void) {
      resolve(1)
      resolve(2)
    },
  }
  const {send} = connectBare({handlers: {twice: () => twice}})
  expect(await send({jsonrpc: '2.0', id: 1, method: 'twice'})).toEqual([{jsonrpc: '2.0', id: 1, result: 1}])
})

test('delivers further messages to a subscriber that returned a broken thenable', async () => {
  const {near, far} = connect()
  const seen: unknown[] = []
  near.subscribe('tick', (params) => {
    seen.push(params)
    return {
      // oxlint-disable-next-line unicorn/no-thenable -- the test needs one
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

test('resolves `responded` for a handler that closes its own connection', async () => {
  const wasAborted = Promise.withResolvers<boolean>()
  const {near} = connect({
    handlers: {
      async leave(_params, {peer, responded, signal}) {
        await peer.close()
        await responded
        wasAborted.resolve(signal.aborted)
      },
    },
  })
  await expect(near.request('leave')).rejects.toThrow(PeerGoneError)
  expect(await wasAborted.promise).toBe(true)
})

test('passes the deadline of `close` to the transport', async () => {
  const [end] = createMemoryPair()
  const close = vi.fn<Transport['close']>(async () => {})
  const near = createConnection(override(end, {close}))
  await near.close('in a hurry', {deadlineMs: 5})
  expect(close.mock.calls).toEqual([['in a hurry', {deadlineMs: 5}]])
})
