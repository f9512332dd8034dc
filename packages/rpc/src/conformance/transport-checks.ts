import {isTransportError} from '../errors/transport-error.ts'
import type {RawTransport} from '../transport/raw-transport.ts'
import type {JsonRpcMessage, Transport} from '../transport/transport.ts'

/** Opens two connected transports: messages written to one arrive at the other. Neither listens yet. */
export type OpenPair = () => Promise<readonly [Transport, Transport]> | readonly [Transport, Transport]

export interface TransportCheck {
  /** What a transport does, as a sentence without its subject: `listens only once`. */
  readonly name: string
  /** Opens a pair, checks it and closes it. Rejects if the transport is wrong, or hangs: give it a deadline. */
  run(openPair: OpenPair): Promise<void>
}

/** The rules for a `Transport`, for any test runner. Some checks fill the write queue: it must hold less than 512 MiB. */
export const transportChecks: readonly TransportCheck[] = [
  check('delivers messages in the order in which they were written', async ([near, far]) => {
    const arrived = collect(far)
    const written = Array.from({length: 2000}, (_, n) => event({n}))
    for (const message of written) expectEqual(near.write(message), true)
    expectEqual(await arrived.take(written.length), written)
    await near.close()
    await far.closed
    expectEqual(arrived.count(), written.length)
  }),

  check('delivers in both directions at once', async ([near, far]) => {
    const [atNear, atFar] = [collect(near), collect(far)]
    for (let n = 0; n < 100; n++) {
      near.write(event({from: 'near', n}))
      far.write(event({from: 'far', n}))
    }
    expectEqual((await atFar.take(100)).at(-1), event({from: 'near', n: 99}))
    expectEqual((await atNear.take(100)).at(-1), event({from: 'far', n: 99}))
  }),

  check('delivers any text', async ([near, far]) => {
    const arrived = collect(far)
    const texts = [
      '',
      '\0',
      'a\r\nb\n',
      '\u2028\u2029',
      '\ufeff',
      'naïve',
      '日本',
      '👩🏽‍🚀',
      '"\\',
      '\\ud800',
      '\u001b[31m',
    ]
    for (const text of texts) near.write(event({text}))
    expectEqual(
      await arrived.take(texts.length),
      texts.map((text) => event({text})),
    )
    expectEqual(near.replaced, 0)
  }),

  check('replaces each lone surrogate by U+FFFD, and counts it', async ([near, far]) => {
    const arrived = collect(far)
    near.write(event({text: 'a\ud800b\udc00'}))
    expectEqual(await arrived.take(1), [event({text: 'a\ufffdb\ufffd'})])
    expectEqual(near.replaced, 2)
  }),

  check('delivers a message of 8 MiB', async ([near, far]) => {
    const arrived = collect(far)
    const message = event({text: 'é1234567'.repeat(1024 * 1024)})
    near.write(message)
    near.write(event({after: true}))
    expectEqual(await arrived.take(2), [message, event({after: true})])
  }),

  check('delivers nothing during a write', async ([near, far]) => {
    let isWriting = true
    const duringWrite: boolean[] = []
    const arrived = collect(far, () => duringWrite.push(isWriting))
    near.write(event({}))
    isWriting = false
    await arrived.take(1)
    expectEqual(duringWrite, [false])
  }),

  check('shares no object between the ends', async ([near, far]) => {
    const arrived = collect(far)
    const params = {n: 1}
    near.write(event(params))
    params.n = 2
    expectEqual(await arrived.take(1), [event({n: 1})])
  }),

  check(
    'delivers a message that was written with its text',
    async ([near, far]: readonly [RawTransport, Transport]) => {
      const arrived = collect(far)
      near.write(
        event({text: 'caf\u00e9'}),
        String.raw`{"method":"event","jsonrpc":"2.0","params":{"text":"caf\u00e9"}}`,
      )
      near.write(event({n: 2}))
      const [{method, params}, next] = (await arrived.take(2)) as [{method: unknown; params: unknown}, unknown]
      expectEqual([method, params, next], ['event', {text: 'caf\u00e9'}, event({n: 2})])
    },
  ),

  check('delivers messages that were written before the other end listened', async ([near, far]) => {
    const written = Array.from({length: 100}, (_, n) => event({n}))
    for (const message of written) near.write(message)
    await near.drained()
    expectEqual(await collect(far).take(100), written)
  }),

  check('listens only once', async ([near]) => {
    collect(near)
    expectThrown(() => collect(near))
  }),

  check('throws for values that JSON cannot represent, and stays open', async ([near, far]) => {
    const arrived = collect(far)
    const cycle: Record<string, unknown> = {}
    cycle['self'] = cycle
    near.write(event({n: 1}))
    for (const params of [cycle, {n: 1n}])
      expectEqual(
        codeOf(() => near.write(event(params))),
        'unencodable',
      )
    near.write(event({n: 2}))
    expectEqual(await arrived.take(2), [event({n: 1}), event({n: 2})])
  }),

  check('throws when the write queue is full, and accepts messages again once it has drained', async ([near, far]) => {
    const written = fillQueue(near)
    expectEqual(near.queuedBytes > 0, true)
    const arrived = collect(far)
    await near.drained()
    near.write(event({n: -1}))
    expectEqual((await arrived.take(written + 1)).map(numberOf), [...Array(written).keys(), -1])
  }),

  check('reads while its write queue is full', async ([near, far]) => {
    fillQueue(near)
    far.write(event({answer: true}))
    expectEqual(await collect(near).take(1), [event({answer: true})])
    await Promise.all([near.close('enough', {deadlineMs: 1}), far.close('enough', {deadlineMs: 1})])
  }),

  check('is drained when the write queue is empty', async ([near, far]) => {
    const arrived = collect(far)
    await near.drained()
    near.write(event({}))
    await arrived.take(1)
    await near.drained()
    expectEqual(near.queuedBytes, 0)
  }),

  check('closes both ends after the last message', async ([near, far]) => {
    const order: string[] = []
    collect(near)
    collect(far, () => order.push('message'))
    void far.closed.then(() => order.push('closed'))
    const text = 'x'.repeat(100_000)
    for (let n = 0; n < 30; n++) near.write(event({n, text}))
    await near.close('enough')
    const [atNear, atFar] = await Promise.all([near.closed, far.closed])
    expectEqual(order, [...Array.from({length: 30}, () => 'message'), 'closed'])
    expectEqual([atNear.by, atNear.message, atFar.by], ['us', 'enough', 'peer'])
  }),

  check('closes at its deadline if the other end reads nothing', async ([near, far]) => {
    fillQueue(near)
    await near.close('enough', {deadlineMs: 10})
    expectEqual((await near.closed).by, 'us')
    collect(far)
    expectEqual((await far.closed).by, 'peer')
  }),

  check('returns false from writes after a close, on both ends', async ([near, far]) => {
    collect(near)
    collect(far)
    const closing = near.close()
    expectEqual(near.write(event({})), false)
    await closing
    await far.closed
    expectEqual([near.write(event({})), far.write(event({}))], [false, false])
    await Promise.all([near.drained(), far.drained()])
  }),

  check('has an empty queue once either end has closed, as nothing waits for room any more', async ([near, far]) => {
    fillQueue(near)
    fillQueue(far)
    collect(far)
    const closing = near.close('enough', {deadlineMs: 10})
    expectEqual([near.write(event({})), near.queuedBytes], [false, 0])
    await Promise.all([closing, far.closed])
    expectEqual([far.write(event({})), far.queuedBytes], [false, 0])
  }),

  check('may be closed twice, and by both ends', async ([near, far]) => {
    collect(near)
    collect(far)
    await Promise.all([near.close('first'), near.close('second'), far.close('third')])
    expectEqual((await near.closed) === (await near.closed), true)
    await near.close('fourth')
  }),

  check('may be closed before it listens', async ([near, far]) => {
    await near.close('never mind')
    const reason = await near.closed
    expectEqual([reason.by, reason.message], ['us', 'never mind'])
    collect(far)
    expectEqual((await far.closed).by, 'peer')
  }),
]

function check(name: string, use: (pair: readonly [Transport, Transport]) => Promise<void>): TransportCheck {
  return {
    name,
    async run(openPair) {
      const pair = await openPair()
      try {
        await use(pair)
      } finally {
        await Promise.all(pair.map((end) => end.close()))
      }
    },
  }
}

function event<Params extends Record<string, unknown>>(params: Params) {
  return {jsonrpc: '2.0', method: 'event', params} as const satisfies JsonRpcMessage
}

/** Writes numbered messages of 4 MiB until the write queue is full, and returns how many were written. */
function fillQueue(end: Transport): number {
  const text = 'x'.repeat(4 * 1024 * 1024)
  for (let n = 0; n < 128; n++) {
    const code = codeOf(() => expectEqual(end.write(event({n, text})), true))
    if (code === 'overflow') return n
    expectEqual(code, undefined)
  }
  throw new Error('Expected `overflow` within 512 MiB, got none')
}

function numberOf(message: unknown): unknown {
  return (message as {params: {n: unknown}}).params.n
}

function collect(end: Transport, onMessage?: (message: unknown) => void) {
  const messages: unknown[] = []
  let wake = () => {}
  end.listen({
    message(message) {
      messages.push(message)
      onMessage?.(message)
      wake()
    },
  })
  return {
    count: () => messages.length,
    /** Resolves with the first `count` messages. Rejects if the end closes before they arrived. */
    take(count: number): Promise<unknown[]> {
      return new Promise((resolve, reject) => {
        wake = () => {
          if (messages.length >= count) resolve(messages.slice(0, count))
        }
        wake()
        void end.closed.then(({message}) =>
          reject(new Error(`Expected ${count} messages, got ${messages.length} before the end closed: ${message}`)),
        )
      })
    },
  }
}

/** Compares as JSON: transports deliver nothing else. */
function expectEqual(actual: unknown, expected: unknown): void {
  const [got, wanted] = [JSON.stringify(actual), JSON.stringify(expected)]
  if (got === wanted) return
  let at = 0
  while (got?.[at] === wanted?.[at]) at++
  throw new Error(`Expected \`${excerpt(wanted, at)}\`, got \`${excerpt(got, at)}\` (at the first difference)`)
}

function excerpt(json: string | undefined, at: number): string | undefined {
  return json?.slice(Math.max(0, at - 40), at + 40)
}

function expectThrown(work: () => unknown): void {
  try {
    work()
  } catch {
    return
  }
  throw new Error('Expected an error, got none')
}

function codeOf(work: () => unknown): string | undefined {
  try {
    work()
  } catch (error) {
    return isTransportError(error) ? error.code : `an error that is not a TransportError: ${String(error)}`
  }
  return undefined
}
