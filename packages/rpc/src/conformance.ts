import {describe, expect, test} from 'vitest'
import {TransportError} from './transport-error.ts'
import type {JsonRpcMessage, Transport} from './transport.ts'

/** Two transports that are joined: what is written to one arrives at the other. Neither listens yet. */
export type OpenPair = () => Promise<readonly [Transport, Transport]> | readonly [Transport, Transport]

/**
 * Registers the tests that every `Transport` has to pass, as a vitest `describe` block. Each test opens a pair of its
 * own and closes it. The queue of the transport must hold less than 512 MiB.
 */
export function testTransport(name: string, openPair: OpenPair): void {
  describe(`${name} is a transport`, () => {
    test('delivers what was written, in order', () =>
      withPair(openPair, async ([near, far]) => {
        const arrived = collect(far)
        const written = Array.from({length: 2000}, (_, n) => event({n}))
        for (const message of written) expect(near.write(message)).toBe(true)
        expect(await arrived.take(written.length)).toEqual(written)
      }))

    test('carries both ways at once', () =>
      withPair(openPair, async ([near, far]) => {
        const [atNear, atFar] = [collect(near), collect(far)]
        for (let n = 0; n < 100; n++) {
          near.write(event({from: 'near', n}))
          far.write(event({from: 'far', n}))
        }
        expect((await atFar.take(100)).at(-1)).toEqual(event({from: 'near', n: 99}))
        expect((await atNear.take(100)).at(-1)).toEqual(event({from: 'far', n: 99}))
      }))

    test('carries any text', () =>
      withPair(openPair, async ([near, far]) => {
        const arrived = collect(far)
        const texts = ['', '\0', 'a\r\nb\n', '\u2028\u2029', '\ufeff', 'naïve', '日本', '👩🏽‍🚀', '"\\', '\u001b[31m']
        for (const text of texts) near.write(event({text}))
        expect(await arrived.take(texts.length)).toEqual(texts.map((text) => event({text})))
      }))

    test('carries a message of 8 MiB', () =>
      withPair(openPair, async ([near, far]) => {
        const arrived = collect(far)
        const message = event({text: 'é1234567'.repeat(1024 * 1024)})
        near.write(message)
        near.write(event({after: true}))
        const [big, after] = await arrived.take(2)
        expect(JSON.stringify(big) === JSON.stringify(message)).toBe(true)
        expect(after).toEqual(event({after: true}))
      }))

    test('delivers nothing from within a write', () =>
      withPair(openPair, async ([near, far]) => {
        let isWriting = true
        const duringWrite: boolean[] = []
        const arrived = collect(far, () => duringWrite.push(isWriting))
        near.write(event({}))
        isWriting = false
        await arrived.take(1)
        expect(duringWrite).toEqual([false])
      }))

    test('shares no object between the ends', () =>
      withPair(openPair, async ([near, far]) => {
        const arrived = collect(far)
        const params = {n: 1}
        near.write(event(params))
        params.n = 2
        expect(await arrived.take(1)).toEqual([event({n: 1})])
      }))

    test('loses nothing that was written before the other end listened', () =>
      withPair(openPair, async ([near, far]) => {
        const written = Array.from({length: 100}, (_, n) => event({n}))
        for (const message of written) near.write(message)
        await near.drained()
        expect(await collect(far).take(100)).toEqual(written)
      }))

    test('listens once', () =>
      withPair(openPair, async ([near]) => {
        collect(near)
        expect(() => collect(near)).toThrow()
      }))

    test('throws for what JSON cannot carry, and goes on', () =>
      withPair(openPair, async ([near, far]) => {
        const arrived = collect(far)
        const cycle: Record<string, unknown> = {}
        cycle['self'] = cycle
        near.write(event({n: 1}))
        for (const params of [cycle, {n: 1n}]) {
          expect(codeOf(() => near.write(event(params)))).toBe('unencodable')
        }
        near.write(event({n: 2}))
        expect(await arrived.take(2)).toEqual([event({n: 1}), event({n: 2})])
      }))

    test('refuses what a full queue cannot hold, and goes on once it has drained', () =>
      withPair(openPair, async ([near, far]) => {
        const text = 'x'.repeat(4 * 1024 * 1024)
        let taken = 0
        const code = codeOf(() => {
          for (; taken < 128; taken++) near.write(event({n: taken, text}))
        })
        expect(code).toBe('overflow')
        const arrived = collect(far)
        await near.drained()
        near.write(event({n: taken}))
        const messages = await arrived.take(taken + 1)
        expect(messages.map((message) => (message as ReturnType<typeof event>).params['n'])).toEqual(
          Array.from({length: taken + 1}, (_, n) => n),
        )
      }))

    test('is drained when nothing waits', () =>
      withPair(openPair, async ([near, far]) => {
        const arrived = collect(far)
        await near.drained()
        near.write(event({}))
        await arrived.take(1)
        await near.drained()
        expect(near.queuedBytes).toBe(0)
      }))

    test('closes both ends after the last message', () =>
      withPair(openPair, async ([near, far]) => {
        const order: string[] = []
        collect(near)
        collect(far, () => order.push('message'))
        const closed = Promise.all([
          near.closed,
          far.closed.then((reason) => {
            order.push('closed')
            return reason
          }),
        ])
        const text = 'x'.repeat(100_000)
        for (let n = 0; n < 30; n++) near.write(event({n, text}))
        await near.close('enough')
        const [atNear, atFar] = await closed
        expect(order).toEqual([...Array.from({length: 30}, () => 'message'), 'closed'])
        expect(atNear).toMatchObject({by: 'us', message: 'enough'})
        expect(atFar.by).toBe('peer')
      }))

    test('writes false once it is closed, on both ends', () =>
      withPair(openPair, async ([near, far]) => {
        collect(near)
        collect(far)
        const closing = near.close()
        expect(near.write(event({}))).toBe(false)
        await closing
        await far.closed
        expect(near.write(event({}))).toBe(false)
        expect(far.write(event({}))).toBe(false)
        await Promise.all([near.drained(), far.drained()])
      }))

    test('may be closed twice, and by both ends', () =>
      withPair(openPair, async ([near, far]) => {
        collect(near)
        collect(far)
        await Promise.all([near.close('first'), near.close('second'), far.close('third')])
        expect(await near.closed).toBe(await near.closed)
        await near.close('fourth')
      }))

    test('may be closed before it listened', () =>
      withPair(openPair, async ([near, far]) => {
        await near.close('never mind')
        expect(await near.closed).toMatchObject({by: 'us', message: 'never mind'})
        collect(far)
        expect((await far.closed).by).toBe('peer')
      }))
  })
}

async function withPair(
  openPair: OpenPair,
  use: (pair: readonly [Transport, Transport]) => Promise<void>,
): Promise<void> {
  const pair = await openPair()
  try {
    await use(pair)
  } finally {
    await Promise.all(pair.map((end) => end.close()))
  }
}

function event<Params extends Record<string, unknown>>(params: Params) {
  return {jsonrpc: '2.0', method: 'event', params} as const satisfies JsonRpcMessage
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
    /** The first messages, when that many have arrived. Rejects when the end closes before. */
    take(count: number): Promise<unknown[]> {
      return new Promise((resolve, reject) => {
        wake = () => {
          if (messages.length >= count) resolve(messages.slice(0, count))
        }
        wake()
        void end.closed.then(({message}) =>
          reject(new Error(`Expected ${count} messages, got ${messages.length}, and then: ${message}`)),
        )
      })
    },
  }
}

function codeOf(work: () => unknown): string | undefined {
  try {
    work()
  } catch (error) {
    return error instanceof TransportError ? error.code : `an error that is no TransportError: ${String(error)}`
  }
  return undefined
}
