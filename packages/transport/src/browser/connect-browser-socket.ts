import {encodeMessage, TransportError, type CloseReason, type JsonRpcMessage, type Transport} from '@holdfast/rpc'
import type {RawReceiver, RawTransport} from '@holdfast/rpc/raw'

import {SocketError} from '../errors/socket-error.ts'
import {deliverText} from '../messages/deliver-text.ts'
import {CLOSE_DEADLINE_MS, DRAINED_BYTES, MAX_MESSAGE_BYTES, MAX_QUEUED_BYTES} from '../messages/limits.ts'
import {openWithin} from '../socket/open-within.ts'

export interface BrowserSocketOptions {
  /** The longest message that is sent, bytes of UTF-8. @default 33_554_432 (32 MiB) */
  maxMessageBytes?: number
  /** Size of a full write queue, bytes. An empty queue takes one message of any size. @default 67_108_864 (64 MiB) */
  maxQueuedBytes?: number
  /** How long the connection may take to open, ms, above 0. `Infinity`: any time. @default 10_000 */
  timeoutMs?: number
  signal?: AbortSignal
}

/** A transport over the `WebSocket` of a browser, which tells nothing of pings, and nothing of a peer that has vanished. */
export interface BrowserTransport extends Transport {
  /** Messages that have arrived so far. */
  readonly received: number
  /** Ends at once, without the peer: it has vanished. */
  giveUp(message: string): void
}

/** How often a write queue that somebody waits for is looked at, ms: a browser reports no end of it. */
const LOOK_EVERY_MS = 10
/** What may arrive before `listen`, UTF-16 units: a browser cannot stop reading. */
const MAX_EARLY_LENGTH = 64 * 1024 * 1024
/** The longest reason that fits into a close frame, UTF-16 units that take 3 bytes at most. */
const MAX_REASON_LENGTH = 40

/**
 * Connects to a WebSocket by the `WebSocket` of this browser, or of Node 22 or newer; tries once. The browser sends the cookies
 * of the page's own server. Rejects with `SocketError` `failed` or `timeout`: browsers do not say why a connection was refused;
 * or with the signal's reason.
 */
export async function connectBrowserSocket(
  url: string | URL,
  options: BrowserSocketOptions = {},
): Promise<BrowserTransport> {
  const {timeoutMs = 10_000, signal, ...transportOptions} = options
  const {protocol, host, pathname} = new URL(url)
  const address = `${protocol}//${host}${pathname}`
  return openWithin(address, {timeoutMs, signal}, (resolve, reject) => {
    const webSocket = new WebSocket(url)
    // Before it opens: a message may follow at once.
    const transport = createBrowserTransport(webSocket, transportOptions)
    webSocket.addEventListener('open', () => resolve(transport))
    webSocket.addEventListener('close', () => reject(new SocketError('failed', `Could not connect to \`${address}\``)))
    return () => webSocket.close()
  })
}

function createBrowserTransport(
  webSocket: WebSocket,
  {maxMessageBytes = MAX_MESSAGE_BYTES, maxQueuedBytes = MAX_QUEUED_BYTES}: BrowserSocketOptions,
): BrowserTransport & RawTransport {
  let settle!: (reason: CloseReason) => void
  const closed = new Promise<CloseReason>((resolve) => (settle = resolve))
  let receiver: RawReceiver | undefined
  let early: unknown[] = []
  let earlyLength = 0
  let ending: CloseReason | undefined
  let isOver = false
  let replaced = 0
  let received = 0
  const drainedBytes = Math.min(DRAINED_BYTES, maxQueuedBytes / 2)

  const finish = (reason: CloseReason) => {
    ending ??= reason
    isOver = true
    settle(ending)
  }
  const deliver = (data: unknown, to: RawReceiver) => {
    const text = typeof data === 'string' ? data : undefined
    const kind = text === undefined ? 'not-json' : deliverText(text, to)
    if (kind !== undefined) to.noise?.({kind, bytes: byteLength(text ?? '')})
  }
  const giveUp = (message: string) => {
    finish({by: 'peer', message, errno: 'ETIMEDOUT'})
    webSocket.close()
  }
  /** Resolves when the condition holds, after the time, or at the end of the connection. */
  const until = (isReached: () => boolean, withinMs = Infinity) =>
    new Promise<void>((resolve) => {
      const startedAt = performance.now()
      const look = () => {
        if (isOver || isReached() || performance.now() - startedAt >= withinMs) resolve()
        else setTimeout(look, LOOK_EVERY_MS)
      }
      look()
    })

  webSocket.addEventListener('message', ({data}: {data: unknown}) => {
    if (isOver || ending?.by === 'us') return
    received++
    if (receiver !== undefined) return deliver(data, receiver)
    early.push(data)
    earlyLength += typeof data === 'string' ? data.length : 0
    if (earlyLength > MAX_EARLY_LENGTH) giveUp('it sent more than is kept before `listen`')
  })
  webSocket.addEventListener('close', ({code, reason}: {code: number; reason: string}) =>
    finish({by: 'peer', message: describeClose(code, reason)}),
  )

  const mayWrite = () => ending === undefined && webSocket.readyState === WebSocket.OPEN

  return {
    write(message: JsonRpcMessage, knownText?: string) {
      if (!mayWrite()) return false
      const text = knownText ?? encodeMessage(message, (count) => (replaced += count))
      const bytes = byteLength(text)
      if (bytes > maxMessageBytes) {
        const limit = `The message has ${bytes} bytes, and the limit is ${maxMessageBytes}: split it`
        throw new TransportError('message-too-large', limit)
      }
      const queued = webSocket.bufferedAmount
      if (queued > 0 && queued + bytes > maxQueuedBytes)
        throw new TransportError('overflow', `The write queue is full (${maxQueuedBytes} bytes): wait for drained()`)
      webSocket.send(text)
      return true
    },
    get queuedBytes() {
      return mayWrite() ? webSocket.bufferedAmount : 0
    },
    get replaced() {
      return replaced
    },
    get received() {
      return received
    },
    drained: () => until(() => !mayWrite() || webSocket.bufferedAmount <= drainedBytes),
    listen(next: RawReceiver) {
      if (receiver !== undefined) throw new Error('`listen` was called before: a transport has one receiver')
      receiver = next
      const waiting = early
      early = []
      for (const data of waiting) deliver(data, next)
    },
    closed,
    giveUp,
    async close(message = 'closed by us', {deadlineMs = CLOSE_DEADLINE_MS} = {}) {
      const reason: CloseReason = {by: 'us', message}
      ending ??= reason
      webSocket.close(1000, message.slice(0, MAX_REASON_LENGTH))
      // A browser keeps on sending what is queued, and waits for the answer of a peer that may have vanished.
      await until(() => webSocket.readyState === WebSocket.CLOSED, deadlineMs)
      finish(reason)
    },
  }
}

const encoder = new TextEncoder()

function byteLength(text: string): number {
  // Most messages are short: counting them exactly takes no time.
  return encoder.encode(text).length
}

function describeClose(code: number, reason: string): string {
  if (code === 1006) return 'the connection was lost'
  return reason || `it closed the connection with code ${code}`
}
