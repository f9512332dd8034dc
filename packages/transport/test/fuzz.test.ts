import {PassThrough} from 'node:stream'
import {createConnection} from '@holdfast/rpc'
import {expect, test} from 'vitest'
import {createStreamTransport} from '../src/ndjson/stream-transport.ts'

const SEEDS = 40
const CHUNKS = 50
const DURATION_MS = 3000

/** Random numbers from 0 to `below` - 1, the same for the same seed. */
function createRandom(seed: number) {
  let state = seed
  return (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** Pieces of JSON-RPC, so that some of the noise passes the first checks. */
const PIECES = ['{', '}', '[', ']', '"id":', '"method":', '"params":', '"result":', '"error":', 'null', '1', '"a"', ',']
const LINES = [
  '{"jsonrpc":"2.0","id":1,"result":0}',
  '{"id":{},"method":"greet"}',
  '{"method":"$/cancelRequest"}',
  '{}',
]

function randomChunk(random: (below: number) => number): Buffer {
  switch (random(3)) {
    case 0:
      return Buffer.from(Array.from({length: random(200)}, () => random(256)))
    case 1:
      return Buffer.from(Array.from({length: random(30)}, () => PIECES[random(PIECES.length)]).join(''))
    default:
      return Buffer.from(`${LINES[random(LINES.length)]}\n`)
  }
}

test('a connection survives random bytes, and serves a request after them', async () => {
  const startedAt = performance.now()
  const heapBefore = process.memoryUsage().heapUsed
  let runs = 0
  for (let seed = 0; seed < SEEDS && performance.now() - startedAt < DURATION_MS; seed++) {
    const random = createRandom(seed)
    const [readable, writable] = [new PassThrough(), new PassThrough()]
    const connection = createConnection(createStreamTransport({readable, writable}, {maxMessageBytes: 10_000}), {
      handlers: {greet: () => 'Hello'},
    })
    let written = ''
    const greeted = new Promise<void>((resolve) =>
      writable.on('data', (chunk: Buffer) => {
        written += chunk.toString()
        if (written.includes('"result":"Hello"')) resolve()
      }),
    )
    for (let n = 0; n < CHUNKS; n++) readable.write(randomChunk(random))
    readable.write('\n{"jsonrpc":"2.0","id":"last","method":"greet"}\n')
    await greeted
    expect(connection.counters.faults).toBe(0)
    await connection.close()
    runs++
  }
  expect(runs).toBeGreaterThan(5)
  expect(process.memoryUsage().heapUsed - heapBefore).toBeLessThan(100e6)
})
