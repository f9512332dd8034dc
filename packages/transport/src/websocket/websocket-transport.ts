import type {Socket} from 'node:net'
import type {CloseReason, Receiver, Transport} from '@holdfast/rpc'
import type {RawData, WebSocket} from 'ws'
import {type Batch, createBoundedWriter} from '../messages/bounded-writer.ts'
import {deliverText} from '../messages/deliver-text.ts'
import {errnoOf, isGone} from '../errors/is-gone.ts'
import {MAX_MESSAGE_BYTES, MAX_QUEUED_BYTES} from '../messages/limits.ts'
import {createLiveness} from '@holdfast/recovery'
import {createMessageEncoder} from '../messages/message-encoder.ts'
import {SYSTEM_CLOCK, type WebSocketOptions} from './websocket-options.ts'

const CLOSE_DEADLINE_MS = 1000
/** After our end was flushed, or a fault: how long the peer may take to end too, ms. */
const LINGER_MS = 1000
const MAX_REASON_BYTES = 123

/** One text frame a message, over a WebSocket that has just opened; `socket` is what is under it. */
export function createWebSocketTransport(
  webSocket: WebSocket,
  socket: Socket,
  options: WebSocketOptions = {},
): Transport {
  const {maxMessageBytes = MAX_MESSAGE_BYTES, maxQueuedBytes = MAX_QUEUED_BYTES, merge, clock = SYSTEM_CLOCK} = options
  const {promise: closed, resolve: settle} = Promise.withResolvers<CloseReason>()
  const encoder = createMessageEncoder({maxMessageBytes})
  const writer = createBoundedWriter({
    maxQueuedBytes,
    ...(merge && {merge}),
    encode: encoder.encode,
    pack: (texts) => packFrames(webSocket, socket, texts),
    isIdle: () => socket.writableLength === 0,
    // While it closes, what is sent fails without saying why; its end will.
    onError: (error) => webSocket.readyState === webSocket.OPEN && fail(error),
  })
  let receiver: Receiver | undefined
  let ending: CloseReason | undefined
  let ended: Promise<void> | undefined
  let stopLooking = () => {}
  let linger: NodeJS.Timeout | undefined

  // Before `listen`, nothing is read and nothing is lost.
  webSocket.pause()
  webSocket.on('error', (error) => fail(error))
  webSocket.on('close', (code, reason) => {
    clearTimeout(linger)
    begin({by: 'peer', message: describeClose(code, reason.toString())})
    finish()
  })

  /** The first sign of the end is the reason. From then on nothing is written. */
  function begin(reason: CloseReason): void {
    ending ??= reason
    stopLooking()
    writer.release()
  }

  function fail(error: Error): void {
    if (errnoOf(error) === TOO_LARGE) receiver?.noise?.({kind: 'line-too-long', bytes: maxMessageBytes + 1})
    begin(reasonOf(error, maxMessageBytes))
    terminateSoon()
  }

  /** `ws` would wait for the peer's goodbye for 30 s. */
  function terminateSoon(): void {
    if (linger || webSocket.readyState === webSocket.CLOSED) return
    linger = setTimeout(() => webSocket.terminate(), LINGER_MS)
  }

  function finish(): void {
    if (ending) settle(ending)
  }

  function receive(data: RawData, isBinary: boolean): void {
    // `ws` gives one Buffer for each message, unless told otherwise.
    const bytes = data as Buffer
    if (!isBinary && ending?.by === 'us') return
    const kind = isBinary ? 'not-json' : deliverText(bytes.toString(), receiver!)
    if (kind) receiver?.noise?.({kind, bytes: bytes.length})
  }

  function startLooking(): void {
    const liveness = createLiveness(clock.now(), options)
    let bytesRead = socket.bytesRead
    stopLooking = clock.every(liveness.lookMs, () => {
      const verdict = liveness.look(clock.now(), socket.bytesRead !== bytesRead)
      bytesRead = socket.bytesRead
      if (verdict === 'ping') webSocket.ping()
      if (verdict === 'gone') cutOff({by: 'peer', message: 'it was silent for too long', errno: 'ETIMEDOUT'})
    })
  }

  /** Without a word: a peer that is not there answers no goodbye. */
  function cutOff(reason: CloseReason): void {
    begin(reason)
    webSocket.terminate()
    finish()
  }

  async function end(message: string, deadlineMs: number): Promise<void> {
    writer.sendAll()
    webSocket.close(1000, cutToBytes(message, MAX_REASON_BYTES))
    await flushed(socket, deadlineMs)
    terminateSoon()
    // To see the peer's end, even if nobody ever listened.
    webSocket.resume()
    finish()
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
    listen(next) {
      if (receiver) throw new Error('Expected `listen` to be called once, got a second call')
      receiver = next
      webSocket.on('message', receive)
      webSocket.resume()
      if (!ending) startLooking()
    },
    closed,
    async close(message = 'closed by us', {deadlineMs = CLOSE_DEADLINE_MS} = {}) {
      begin({by: 'us', message})
      await (ended ??= end(message, deadlineMs))
    },
  }
}

/** What `ws` calls a message over its limit. */
const TOO_LARGE = 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH'

function packFrames(webSocket: WebSocket, socket: Socket, texts: readonly string[]): Batch {
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
  const send: Batch['send'] = (done) => {
    socket.cork()
    texts.forEach((text, index) => webSocket.send(text, index === texts.length - 1 ? done : undefined))
    socket.uncork()
  }
  return {bytes, send}
}

/** Ends our half behind what was written; resolves when the system took it, or it cannot, or after the deadline. */
function flushed(socket: Socket, deadlineMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, deadlineMs)
    function done(): void {
      clearTimeout(timer)
      resolve()
    }
    if (socket.destroyed) return done()
    socket.once('close', done)
    socket.end(done)
  })
}

function reasonOf(error: Error, maxMessageBytes: number): CloseReason {
  const errno = errnoOf(error)
  if (errno === TOO_LARGE) {
    return {by: 'fault', message: `Expected messages of at most ${maxMessageBytes} bytes, got a longer one`, errno}
  }
  const operation = (error as NodeJS.ErrnoException).syscall === 'read' ? 'read' : 'write'
  return {
    by: isGone(error, {operation}) ? 'peer' : 'fault',
    message: `the connection failed: ${error.message}`,
    ...(errno !== undefined && {errno}),
  }
}

function describeClose(code: number, reason: string): string {
  if (code === 1006) return 'the connection was lost'
  return `it closed the connection: ${reason || `code ${code}`}`
}

/** As much of a text as fits, without a broken character at its end. */
function cutToBytes(text: string, maxBytes: number): string {
  const {read} = new TextEncoder().encodeInto(text, new Uint8Array(maxBytes))
  return text.slice(0, read)
}
