import type {Readable, Writable} from 'node:stream'
import type {CloseReason, Receiver, Transport} from '@holdfast/rpc'
import {closeReasonOf, errnoOf} from '../errors/is-gone.ts'
import type {Batch} from '../messages/bounded-writer.ts'
import {endStream} from '../messages/end-stream.ts'
import {CLOSE_DEADLINE_MS} from '../messages/limits.ts'
import {createMessageWriter, type MessageOptions} from '../messages/message-writer.ts'
import type {PeerBudget} from '../messages/peer-budget.ts'
import {createNdjsonDecoder, type NdjsonDecoder} from './ndjson-decoder.ts'

export interface StreamTransportOptions extends MessageOptions {
  /**
   * After the first sign that the peer is gone: how long to read the rest of the pipe, and to wait for the exit of its
   * process, ms. Shorter if both end earlier. @default 200
   */
  graceMs?: number
  /** Bounds unfinished messages, together with those of other transports. @default none */
  readBudget?: PeerBudget
  /** Bounds write queues, together with those of other transports. @default none */
  writeBudget?: PeerBudget
}

export interface StreamEnds {
  readable: Readable
  writable: Writable
  /** Resolves when the peer's process has exited. The pipe may stay open after that, in a grandchild. */
  exited?: Promise<ProcessExit>
}

/** How a process ended. */
export interface ProcessExit {
  code: number | null
  signal: string | null
  /** Why it could not be started. */
  error?: Error
  /** The lines of stderr that say why, oldest first. */
  stderr: readonly string[]
}

/** Speaks NDJSON over a readable and a writable stream, or over one that is both. The transport owns the streams. */
export function createStreamTransport(ends: StreamEnds, options: StreamTransportOptions = {}): Transport {
  const {readable, writable, exited} = ends
  const {graceMs = 200, readBudget, writeBudget, ...messageOptions} = options
  let settle!: (reason: CloseReason) => void
  const closed = new Promise<CloseReason>((resolve) => (settle = resolve))
  const unfinished = readBudget?.add(giveUp)
  const unread = writeBudget?.add(giveUp)
  const writer = createMessageWriter({
    ...messageOptions,
    onQueued: unread?.hold,
    pack: (texts) => packLines(writable, texts),
    isIdle: () => writable.writableLength === 0,
    onError: (error) => begin(closeReasonOf(error, 'stream', isTerminal(writable))),
  })

  let decoder: NdjsonDecoder | undefined
  /** The first sign of the end. Nothing is written after it. */
  let ending: CloseReason | undefined
  let exit: ProcessExit | undefined
  let isReadable = true
  let isClosed = false
  let grace: NodeJS.Timeout | undefined
  let ended: Promise<void> | undefined

  // From the first moment, as an 'error' event without a listener ends the process.
  readable.on('error', (error) => endReading(closeReasonOf(error, 'stream', isTerminal(readable))))
  readable.on('end', () => endReading({by: 'peer', message: 'it ended the stream'}))
  readable.on('close', () => endReading({by: 'peer', message: 'the stream was closed'}))
  writable.on('error', (error) => begin(closeReasonOf(error, 'stream', isTerminal(writable))))
  writable.on('close', () => begin({by: 'peer', message: 'it accepts no more messages'}))
  // When a child has exited, Node discards the rest of a pipe without a reader. This listener keeps it until `listen`.
  if (exited) readable.on('readable', untilListen)
  // A stream that ended earlier emits no more events.
  if (readable.readableEnded || readable.destroyed) endReading({by: 'peer', message: 'it had ended the stream'})
  exited?.then(
    (facts) => {
      exit = facts
      begin({by: 'peer', message: 'its process exited'})
    },
    () => begin({by: 'peer', message: 'its process exited for an unknown reason'}),
  )

  /** All peers together cost too much, and this one is chosen to end. */
  function giveUp(message: string): void {
    begin({by: 'fault', message})
    writable.destroy()
    readable.destroy()
    finish()
  }

  /** Takes the reason of the first sign of the end. */
  function begin(reason: CloseReason): void {
    ending ??= reason
    writer.close()
    finishWhenComplete()
  }

  function endReading(reason: CloseReason): void {
    isReadable = false
    // Delivers a last line without a line break before writing ends: a request in it can still be answered.
    decoder?.end()
    begin(reason)
  }

  function finishWhenComplete(): void {
    // Before `listen`, the messages that the peer left must stay in the stream.
    if (!ending || isClosed || !decoder) return
    if (!isReadable && (!exited || exit)) finish()
    // After a stall of this process, Node runs due timers before it reads the pipe: hence one more turn of the event loop.
    else if (ending.by !== 'us') grace ??= setTimeout(() => setImmediate(finish), graceMs)
  }

  function finish(): void {
    if (isClosed || !ending) return
    isClosed = true
    clearTimeout(grace)
    decoder?.end()
    unfinished?.remove()
    settle(withExit(ending, exit))
    void end(CLOSE_DEADLINE_MS)
  }

  /** Sends the write queue, as a peer that ended its stream may still read answers, and destroys the streams. */
  function end(deadlineMs: number): Promise<void> {
    if (ended) return ended
    writer.sendAll()
    ended = endStream(writable, deadlineMs).then(() => {
      writable.destroy()
      readable.destroy()
      unread?.remove()
    })
    return ended
  }

  return Object.assign(writer.half, {
    listen(receiver: Receiver) {
      if (decoder) throw new Error('`listen` was called before: a transport has one receiver')
      const decode = createNdjsonDecoder(receiver, {...messageOptions, onBuffered: unfinished?.hold})
      decoder = decode
      readable.off('readable', untilListen)
      readable.on('data', (chunk: Buffer) => {
        // A grandchild that keeps the pipe open may still write.
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
  })
}

function untilListen(): void {}

function packLines(writable: Writable, texts: string[]): Batch {
  // Ends the last line, too, without another copy of the text.
  texts.push('')
  const lines = texts.join('\n')
  const bytes = Buffer.byteLength(lines)
  // One byte for each character means ASCII, which Node writes faster as latin1.
  const encoding = bytes === lines.length ? 'latin1' : 'utf8'
  return {bytes, send: (done) => void writable.write(lines, encoding, done)}
}

function isTerminal(stream: Readable | Writable): boolean {
  return (stream as {isTTY?: boolean}).isTTY === true
}

/** Adds the exit of the peer's process, which says more than the end of its pipe. */
function withExit(reason: CloseReason, exit: ProcessExit | undefined): CloseReason {
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
  if (signal !== null) return `its process was killed by ${signal}`
  return code === null ? 'its process exited' : `its process exited with code ${code}`
}
