import type {Readable, Writable} from 'node:stream'
import type {CloseReason, Receiver, Transport} from '@holdfast/rpc'
import {type Batch, createBoundedWriter, type Merge} from '../messages/bounded-writer.ts'
import {errnoOf, isGone} from '../errors/is-gone.ts'
import {MAX_MESSAGE_BYTES, MAX_QUEUED_BYTES} from '../messages/limits.ts'
import {createMessageEncoder} from '../messages/message-encoder.ts'
import {createNdjsonDecoder, type NdjsonDecoder} from './ndjson-decoder.ts'

export interface StreamTransportOptions {
  /** The longest message, both ways, bytes of UTF-8 without the line break. @default 33_554_432 (32 MiB) */
  maxMessageBytes?: number
  /** What may wait to be written, bytes. One message is always taken when nothing waits. @default 67_108_864 (64 MiB) */
  maxQueuedBytes?: number
  /** Makes one of two notifications that wait for a slow peer. @default none is merged */
  merge?: Merge
  /**
   * After the first sign that the peer is gone: how long to read what it left in the pipe, and to wait for the facts
   * of its death, ms. Ends early when both are there. @default 200
   */
  graceMs?: number
}

export interface StreamEnds {
  readable: Readable
  writable: Writable
  /** Resolves when the process at the other end has died. A sign of its own: what that process started may keep the pipe. */
  exited?: Promise<ProcessExit>
}

/** How a process died, as far as it is known. */
export interface ProcessExit {
  code: number | null
  signal: string | null
  /** It could not be started. */
  error?: Error
  /** The last lines that it wrote on stderr, oldest first. */
  stderr: readonly string[]
}

const CLOSE_DEADLINE_MS = 1000

/** NDJSON over a readable and a writable stream (or one that is both), which belong to the transport from now on. */
export function createStreamTransport(ends: StreamEnds, options: StreamTransportOptions = {}): Transport {
  const {readable, writable, exited} = ends
  const {graceMs = 200, maxMessageBytes = MAX_MESSAGE_BYTES, maxQueuedBytes = MAX_QUEUED_BYTES, merge} = options
  const {promise: closed, resolve: settle} = Promise.withResolvers<CloseReason>()
  const encoder = createMessageEncoder({maxMessageBytes})
  const writer = createBoundedWriter({
    maxQueuedBytes,
    ...(merge && {merge}),
    encode: encoder.encode,
    pack: (texts) => packLines(writable, texts),
    isIdle: () => writable.writableLength === 0,
    onError: (error) => begin(reasonOf(error, writable)),
  })

  let decoder: NdjsonDecoder | undefined
  /** The first sign of the end. From then on nothing is written. */
  let ending: CloseReason | undefined
  let exit: ProcessExit | undefined
  let isReadable = true
  let isClosed = false
  let grace: NodeJS.Timeout | undefined
  let ended: Promise<void> | undefined

  // Streams are listened to from the first moment: an 'error' that nobody hears ends the process.
  readable.on('error', (error) => endReading(reasonOf(error, readable)))
  readable.on('end', () => endReading({by: 'peer', message: 'it ended the stream'}))
  readable.on('close', () => endReading({by: 'peer', message: 'the stream was closed'}))
  writable.on('error', (error) => begin(reasonOf(error, writable)))
  writable.on('close', () => begin({by: 'peer', message: 'it takes no more messages'}))
  // Node throws away what a process that has ended left in a pipe that nobody reads. This stays on until `listen`.
  if (exited) readable.on('readable', untilListen)
  // Of what was over before, no event tells.
  if (readable.readableEnded || readable.destroyed) endReading({by: 'peer', message: 'it had ended the stream'})
  exited?.then(
    (facts) => {
      exit = facts
      begin({by: 'peer', message: 'its process ended'})
    },
    () => begin({by: 'peer', message: 'its process ended, nobody knows how'}),
  )

  /** A sign of the end was seen; the first one is the reason. */
  function begin(reason: CloseReason): void {
    ending ??= reason
    writer.release()
    finishWhenComplete()
  }

  function endReading(reason: CloseReason): void {
    isReadable = false
    // First the last line, if it has no line break: it may be a request, and can still be answered.
    decoder?.end()
    begin(reason)
  }

  function finishWhenComplete(): void {
    // Before `listen`, what the peer left must stay where it is.
    if (!ending || isClosed || !decoder) return
    if (!isReadable && (!exited || exit)) finish()
    // A timer that was due while this process stalled fires before the pipe is read. So: once more around the loop.
    else if (ending.by !== 'us') grace ??= setTimeout(() => setImmediate(finish), graceMs)
  }

  function finish(): void {
    if (isClosed || !ending) return
    isClosed = true
    clearTimeout(grace)
    decoder?.end()
    settle(withFacts(ending, exit))
    void end(CLOSE_DEADLINE_MS)
  }

  /** Sends what is queued: a peer that ended its stream may still read the answers. Then nothing of ours is left open. */
  function end(deadlineMs: number): Promise<void> {
    if (ended) return ended
    writer.sendAll()
    ended = endStream(writable, deadlineMs).then(() => {
      writable.destroy()
      readable.destroy()
    })
    return ended
  }

  return {
    write(message, text) {
      if (ending) return false
      writer.write(message, text)
      return true
    },
    get queuedBytes() {
      return writer.queuedBytes
    },
    get replaced() {
      return encoder.replaced
    },
    drained: () => writer.drained(),
    listen(receiver: Receiver) {
      if (decoder) throw new Error('Expected `listen` to be called once, got a second call')
      const decode = createNdjsonDecoder(receiver, {maxMessageBytes})
      decoder = decode
      readable.off('readable', untilListen)
      readable.on('data', (chunk: Buffer) => {
        // What holds a dead peer's pipe may go on writing.
        if (!isClosed) decode.push(chunk)
      })
      finishWhenComplete()
    },
    closed,
    async close(message = 'closed by us', {deadlineMs = CLOSE_DEADLINE_MS} = {}) {
      begin({by: 'us', message})
      await end(deadlineMs)
      finish()
    },
  }
}

function untilListen(): void {}

function packLines(writable: Writable, texts: string[]): Batch {
  // So that the last one has its line break, too, without another copy.
  texts.push('')
  const lines = texts.join('\n')
  const bytes = Buffer.byteLength(lines)
  // One byte for each character: then it is ASCII, for which there is a shorter way.
  const encoding = bytes === lines.length ? 'latin1' : 'utf8'
  return {bytes, send: (done) => void writable.write(lines, encoding, done)}
}

/** Ends the stream behind what it still has to write; resolves when that is done or can no longer be, or after the deadline. */
function endStream(writable: Writable, deadlineMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, deadlineMs)
    function done(): void {
      clearTimeout(timer)
      writable.off('close', done)
      resolve()
    }
    writable.once('close', done)
    writable.end(done)
  })
}

function reasonOf(error: Error, stream: Readable | Writable): CloseReason {
  const terminal = (stream as {isTTY?: boolean}).isTTY === true
  // A socket is one stream with one 'error' for both directions.
  const operation = (error as NodeJS.ErrnoException).syscall === 'read' ? 'read' : 'write'
  const errno = errnoOf(error)
  return {
    by: isGone(error, {operation, terminal}) ? 'peer' : 'fault',
    message: `the stream failed: ${error.message}`,
    ...(errno !== undefined && {errno}),
  }
}

/** How the process died says more than how its pipe ended. */
function withFacts(reason: CloseReason, exit: ProcessExit | undefined): CloseReason {
  if (!exit) return reason
  const errno = reason.errno ?? errnoOf(exit.error)
  return {
    by: reason.by,
    message: reason.by === 'peer' ? describeExit(exit) : reason.message,
    ...(exit.code !== null && {code: exit.code}),
    ...(exit.signal !== null && {signal: exit.signal}),
    ...(errno !== undefined && {errno}),
    ...(exit.stderr.length > 0 && {stderr: exit.stderr.slice(-3)}),
  }
}

function describeExit({code, signal, error}: ProcessExit): string {
  if (error) return `its process could not be started: ${error.message}`
  if (signal !== null) return `its process was ended by ${signal}`
  return code === null ? 'its process ended' : `its process ended with code ${code}`
}
