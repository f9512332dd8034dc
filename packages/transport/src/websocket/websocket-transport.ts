import type {Socket} from 'node:net'
import {createLiveness} from '@holdfast/recovery'
import type {CloseReason, Receiver, Transport} from '@holdfast/rpc'
import type {RawData, WebSocket} from 'ws'
import {closeReasonOf, errnoOf} from '../errors/is-gone.ts'
import type {Batch} from '../messages/bounded-writer.ts'
import {deliverText} from '../messages/deliver-text.ts'
import {endStream} from '../messages/end-stream.ts'
import {CLOSE_DEADLINE_MS, MAX_MESSAGE_BYTES} from '../messages/limits.ts'
import {createMessageWriter} from '../messages/message-writer.ts'
import {SYSTEM_CLOCK, type WebSocketOptions} from './websocket-options.ts'

/** How long the peer may take to close after this side has, or after a fault, ms. */
const LINGER_MS = 1000
/** A pong is sent unless more than this waits to be sent, bytes: it would come too late. */
const MAX_BYTES_BEFORE_PONG = 64 * 1024
/** The close code for a server that has no room at the moment. */
const TRY_AGAIN_LATER = 1013
/** The longest reason that fits into a close frame. */
const MAX_REASON_BYTES = 123

/** Sends each message as a text frame, over a WebSocket that has just opened. `socket`: the socket under it. */
export function createWebSocketTransport(
  webSocket: WebSocket,
  socket: Socket,
  options: WebSocketOptions = {},
): Transport {
  const {maxMessageBytes = MAX_MESSAGE_BYTES, clock = SYSTEM_CLOCK, readBudget, writeBudget} = options
  let settle!: (reason: CloseReason) => void
  const closed = new Promise<CloseReason>((resolve) => (settle = resolve))
  const unfinished = readBudget?.add(giveUp)
  const unread = writeBudget?.add(giveUp)
  const writer = createMessageWriter({
    ...options,
    onQueued: unread?.hold,
    pack: (texts) => packFrames(webSocket, socket, texts),
    isIdle: () => socket.writableLength === 0,
    // While the WebSocket closes, writes fail without a reason; its 'close' event brings one.
    onError: (error) => webSocket.readyState === webSocket.OPEN && fail(error),
  })
  let receiver: Receiver | undefined
  let ending: CloseReason | undefined
  let ended: Promise<void> | undefined
  let stopHeartbeat = () => {}
  let linger: NodeJS.Timeout | undefined
  /** What the socket had read when the last message was complete. */
  let bytesInMessages = socket.bytesRead

  // Reads nothing, and so loses nothing, before `listen`.
  webSocket.pause()
  webSocket.on('error', (error) => fail(error))
  webSocket.on('ping', (data) => {
    // A peer that does not read would otherwise make this side queue a pong for each of its pings.
    if (socket.writableLength <= MAX_BYTES_BEFORE_PONG) webSocket.pong(data)
  })
  // Behind the listener of `ws`, which has delivered the messages that the chunk completes.
  if (unfinished) socket.on('data', () => unfinished.hold(ending ? 0 : socket.bytesRead - bytesInMessages))
  webSocket.on('close', (code, reason) => {
    clearTimeout(linger)
    begin({by: 'peer', message: describeClose(code, reason.toString())})
    unread?.remove()
    finish()
  })

  /** Takes the reason of the first sign of the end. Nothing is written after it. */
  function begin(reason: CloseReason): void {
    ending ??= reason
    stopHeartbeat()
    unfinished?.remove()
    writer.close()
  }

  function fail(error: Error): void {
    if (errnoOf(error) === TOO_LARGE) receiver?.noise?.({kind: 'line-too-long', bytes: maxMessageBytes + 1})
    begin(reasonOf(error, maxMessageBytes))
    terminateSoon()
  }

  /** `ws` would wait 30 s for the peer's close frame. */
  function terminateSoon(): void {
    if (linger || webSocket.readyState === webSocket.CLOSED) return
    linger = setTimeout(() => webSocket.terminate(), LINGER_MS)
  }

  /** All peers together cost too much, and this one is chosen to end. */
  function giveUp(message: string): void {
    webSocket.close(TRY_AGAIN_LATER, cutToBytes(message, MAX_REASON_BYTES))
    cutOff({by: 'fault', message})
  }

  function finish(): void {
    if (ending) settle(ending)
  }

  function receive(data: RawData, isBinary: boolean): void {
    // By default, `ws` passes each message as one Buffer.
    const bytes = data as Buffer
    bytesInMessages = socket.bytesRead
    if (!isBinary && ending?.by === 'us') return
    const kind = isBinary ? 'not-json' : deliverText(bytes.toString(), receiver!)
    if (kind) receiver?.noise?.({kind, bytes: bytes.length})
  }

  function startHeartbeat(): void {
    const liveness = createLiveness(clock.now(), options)
    let bytesRead = socket.bytesRead
    stopHeartbeat = clock.every(liveness.checkEveryMs, () => {
      const next = liveness.check(clock.now(), socket.bytesRead !== bytesRead)
      bytesRead = socket.bytesRead
      if (next === 'ping') webSocket.ping()
      if (next === 'gone') cutOff({by: 'peer', message: 'its heartbeat timed out', errno: 'ETIMEDOUT'})
    })
  }

  /** Sends no close frame: a peer that has vanished would not answer it. */
  function cutOff(reason: CloseReason): void {
    begin(reason)
    webSocket.terminate()
    finish()
  }

  async function end(message: string, deadlineMs: number): Promise<void> {
    writer.sendAll()
    webSocket.close(1000, cutToBytes(message, MAX_REASON_BYTES))
    await endStream(socket, deadlineMs)
    terminateSoon()
    // Reads the peer's close frame, even if `listen` was never called.
    webSocket.resume()
    finish()
  }

  return Object.assign(writer.half, {
    listen(next: Receiver) {
      if (receiver) throw new Error('`listen` was called before: a transport has one receiver')
      receiver = next
      webSocket.on('message', receive)
      webSocket.resume()
      if (!ending) startHeartbeat()
    },
    closed,
    async close(message = 'closed by us', {deadlineMs = CLOSE_DEADLINE_MS} = {}) {
      begin({by: 'us', message})
      await (ended ??= end(message, deadlineMs))
    },
  })
}

/** The error code of `ws` for a message beyond `maxPayload`. */
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

function reasonOf(error: Error, maxMessageBytes: number): CloseReason {
  const errno = errnoOf(error)
  if (errno !== TOO_LARGE) return closeReasonOf(error, 'connection')
  return {by: 'fault', message: `a message is longer than the limit of ${maxMessageBytes} bytes`, errno}
}

function describeClose(code: number, reason: string): string {
  if (code === 1006) return 'the connection was lost'
  return reason || `it closed the connection with code ${code}`
}

/** Cuts a text to a number of bytes, between two characters. */
function cutToBytes(text: string, maxBytes: number): string {
  const {read} = new TextEncoder().encodeInto(text, new Uint8Array(maxBytes))
  return text.slice(0, read)
}
