import {createWriteStream} from 'node:fs'
import {PassThrough, Readable, Writable} from 'node:stream'
import {setImmediate as turn} from 'node:timers/promises'
import type {RawTransport} from '@holdfast/rpc/raw'
import {afterEach, expect, test, vi} from 'vitest'
import {need} from '../../../tooling/vitest/need.ts'
import {createStreamTransport, type ProcessExit} from '../src/ndjson/stream-transport.ts'

const ping = {jsonrpc: '2.0', method: 'ping'} as const
const killed: ProcessExit = {code: null, signal: 'SIGKILL', stderr: []}
const ignoring = {message: () => {}}

/** A stream that takes one write and never completes it. */
const stuck = () => new Writable({write: () => {}})

/** A stream that takes everything, and its writes. */
function createRecorder() {
  const writes: string[] = []
  const writable = new Writable({
    decodeStrings: false,
    write(chunk: string, _encoding, done) {
      writes.push(chunk)
      done()
    },
  })
  return {writable, writes}
}

afterEach(() => {
  vi.useRealTimers()
})

test('sends the messages of one tick in one write', async () => {
  const {writable, writes} = createRecorder()
  const transport = createStreamTransport({readable: new PassThrough(), writable})
  for (let n = 0; n < 3; n++) transport.write(ping)
  await turn()
  expect(writes).toEqual([`${JSON.stringify(ping)}\n`.repeat(3)])
  await transport.close()
})

test('sends the messages of a long tick in growing pieces while the system takes them', async () => {
  const {writable, writes} = createRecorder()
  const transport = createStreamTransport({readable: new PassThrough(), writable})
  const line = `${JSON.stringify(ping)}\n`
  for (let n = 0; n < 1000; n++) transport.write(ping)
  const atOnce = writes.map(({length}) => Math.floor(length / 1024))
  expect(atOnce).toEqual([1, 2, 4, 8, 16])
  await transport.close()
  expect(writes.join('')).toBe(line.repeat(1000))
})

test('sends nothing before the end of the tick while the system is busy', async () => {
  const writable = stuck()
  const transport = createStreamTransport({readable: new PassThrough(), writable})
  for (let n = 0; n < 1000; n++) transport.write(ping)
  expect(Math.floor(writable.writableLength / 1024)).toBe(1)
  await turn()
  expect(writable.writableLength).toBe(transport.queuedBytes)
  await transport.close('enough', {deadlineMs: 1})
})

test('reports a full disk as a fault, not as a gone peer', async () => {
  need('/dev/full')
  const transport = createStreamTransport(
    {readable: new PassThrough(), writable: createWriteStream('/dev/full')},
    {graceMs: 1},
  )
  transport.listen(ignoring)
  transport.write(ping)
  expect(await transport.closed).toMatchObject({by: 'fault', errno: 'ENOSPC'})
})

test('reports a failed read as a fault with its error code', async () => {
  const readable = new Readable({
    read() {
      this.destroy(
        Object.assign(new Error('EISDIR: illegal operation on a directory, read'), {code: 'EISDIR', syscall: 'read'}),
      )
    },
  })
  const transport = createStreamTransport({readable, writable: new PassThrough()})
  transport.listen(ignoring)
  expect(await transport.closed).toEqual({
    by: 'fault',
    message: 'the stream failed: EISDIR: illegal operation on a directory, read',
    errno: 'EISDIR',
  })
})

test('closes when a stream is destroyed without an end or an error', async () => {
  const readable = new PassThrough()
  const transport = createStreamTransport({readable, writable: new PassThrough()})
  transport.listen(ignoring)
  readable.destroy()
  expect(await transport.closed).toEqual({by: 'peer', message: 'the stream was closed'})
})

test('keeps the messages of a peer that has exited until `listen`', async () => {
  vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout']})
  const readable = new PassThrough()
  const transport = createStreamTransport({readable, writable: new PassThrough(), exited: Promise.resolve(killed)})
  readable.end('{"last":"words"}\n')
  await vi.advanceTimersByTimeAsync(1000)
  await turn()
  expect(transport.write(ping)).toBe(false)
  const message = vi.fn()
  transport.listen({message})
  expect(await transport.closed).toEqual({by: 'peer', message: 'its process was killed by SIGKILL', signal: 'SIGKILL'})
  expect(message.mock.calls).toEqual([[{last: 'words'}, '{"last":"words"}']])
})

test('delivers nothing after it closed, even if a grandchild writes to the pipe', async () => {
  const exited = Promise.withResolvers<ProcessExit>()
  const readable = new PassThrough()
  const transport = createStreamTransport({readable, writable: stuck(), exited: exited.promise}, {graceMs: 1})
  transport.write(ping)
  const message = vi.fn()
  transport.listen({message})
  exited.resolve(killed)
  await transport.closed
  readable.write('{"late":true}\n')
  await turn()
  expect(message).not.toHaveBeenCalled()
  await transport.close()
})

test('resolves `drained` when the peer is gone', async () => {
  const exited = Promise.withResolvers<ProcessExit>()
  const transport = createStreamTransport(
    {readable: new PassThrough(), writable: stuck(), exited: exited.promise},
    {maxQueuedBytes: 10},
  )
  transport.write(ping)
  const drained = transport.drained()
  exited.resolve(killed)
  await drained
  expect(transport.write(ping)).toBe(false)
  await transport.close('enough', {deadlineMs: 1})
})

test('closes at the deadline if the write queue cannot be sent', async () => {
  const writable = stuck()
  const transport = createStreamTransport({readable: new PassThrough(), writable})
  transport.write(ping)
  await transport.close('enough', {deadlineMs: 1})
  expect(writable.destroyed).toBe(true)
  expect(await transport.closed).toEqual({by: 'us', message: 'enough'})
})

test('reports an incomplete last line as noise', async () => {
  const readable = new PassThrough()
  const transport = createStreamTransport({readable, writable: new PassThrough()})
  const noise = vi.fn()
  transport.listen({...ignoring, noise})
  readable.end('{"cut":')
  await transport.closed
  expect(noise.mock.calls).toEqual([[{kind: 'incomplete-line', bytes: 7}]])
})

test('limits messages in both directions', async () => {
  const readable = new PassThrough()
  const transport: RawTransport = createStreamTransport({readable, writable: new PassThrough()}, {maxMessageBytes: 20})
  const [message, noise] = [vi.fn(), vi.fn()]
  transport.listen({message, noise})
  expect(() => transport.write(ping)).toThrow(expect.objectContaining({code: 'message-too-large'}))
  expect(() => transport.write({jsonrpc: '2.0', method: 'x'}, 'x'.repeat(21))).toThrow(/the limit is 20/)
  readable.end(`${JSON.stringify(ping)}\n{"n":1}\n`)
  await transport.closed
  expect(noise.mock.calls).toEqual([[{kind: 'line-too-long', bytes: JSON.stringify(ping).length}]])
  expect(message.mock.calls).toEqual([[{n: 1}, '{"n":1}']])
})

test('closes for a stream that had ended before', async () => {
  for (const end of ['end', 'destroy'] as const) {
    const readable = new PassThrough()
    readable[end]()
    readable.resume()
    await new Promise((resolve) => readable.on('close', resolve))
    const transport = createStreamTransport({readable, writable: new PassThrough()})
    transport.listen(ignoring)
    expect(await transport.closed).toEqual({by: 'peer', message: 'it had ended the stream'})
    expect(transport.write(ping)).toBe(false)
  }
})
