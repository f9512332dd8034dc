import {type JsonRpcMessage, type JsonRpcNotification, TransportError} from '@holdfast/rpc'
import {DRAINED_BYTES, MAX_QUEUED_BYTES} from './limits.ts'

/**
 * Makes one of two notifications of the same method that wait one behind the other, so that a slow peer gets fewer;
 * `undefined`: these two cannot be merged. What it returns must say all that both said.
 */
export type Merge = (older: JsonRpcNotification, newer: JsonRpcNotification) => JsonRpcNotification | undefined

export interface BoundedWriterOptions {
  /** @default 67_108_864 (64 MiB) */
  maxQueuedBytes?: number
  /** @default nothing is merged */
  merge?: Merge
  /** `known`: the message as text, made before. */
  encode(message: JsonRpcMessage, known?: string): string
  /** Makes a batch of texts that will leave together. The list is its own from then on. */
  pack(texts: string[]): Batch
  /** Whether the system has taken all that was handed to it. */
  isIdle(): boolean
  /** A batch failed. What was queued behind it is lost. */
  onError(error: Error): void
}

export interface BoundedWriter {
  /** Bytes that the system has not yet taken. */
  readonly queuedBytes: number
  /** Throws what `encode` throws, and `TransportError` with code `overflow`. Takes any message when nothing waits. */
  write(message: JsonRpcMessage, known?: string): void
  drained(): Promise<void>
  /** Hands over all that waits, whether the system has room for it or not. */
  sendAll(): void
  /** Nothing will be written any more: whoever waits for room goes on. */
  release(): void
}

export interface Batch {
  readonly bytes: number
  /** Hands it to the system. `done` is called when it took all of it, or with the error. */
  send(done: (error?: Error | null) => void): void
}

/** A batch is closed when it has this size, characters. One that is smaller goes at the end of the tick. */
const BATCH_LENGTH = 64 * 1024
/** The first batch of a tick goes when it has this size, characters, so that the peer can begin while we go on; each next one doubles it. */
const FIRST_BATCH_LENGTH = 1024
/** While the system holds this much, bytes, batches wait here, where they can be merged. */
const SYSTEM_BYTES = 128 * 1024
/** A message is not merged beyond this size, characters: each merge encodes it again. */
const MERGED_LENGTH = 16 * 1024

/** A queue with a bound in front of a stream, which has none. Messages that are written in one tick leave together. */
export function createBoundedWriter(options: BoundedWriterOptions): BoundedWriter {
  const {maxQueuedBytes = MAX_QUEUED_BYTES, merge, encode, pack, isIdle, onError} = options
  const drainedBytes = Math.min(DRAINED_BYTES, maxQueuedBytes / 2)
  /** Batches that wait; behind them come the texts of the next one. */
  const batches: Batch[] = []
  let texts: string[] = []
  /** Characters of those texts. They are counted in bytes when they are packed: counting each by itself takes longer. */
  let length = 0
  /** What is enough for the next batch of this tick, characters, while the system is idle. */
  let enough = FIRST_BATCH_LENGTH
  /** Bytes that the system has. */
  let sentBytes = 0
  let queuedBytes = 0
  let isScheduled = false
  let isReleased = false
  let waiting: (() => void)[] = []

  function append(text: string): void {
    const size = text.length < BATCH_LENGTH ? text.length : Buffer.byteLength(text)
    if (queuedBytes > 0 && queuedBytes + size > maxQueuedBytes) throw overflow(queuedBytes + size, maxQueuedBytes)
    texts.push(text)
    length += text.length
    queuedBytes += text.length
    if (length >= BATCH_LENGTH) packTexts()
    if (batches.length > 0) sendWhileRoom()
    else if (length >= enough && isIdle()) sendEarly()
    else schedule()
  }

  function sendEarly(): void {
    sendWhileRoom()
    enough = Math.min(enough * 2, BATCH_LENGTH)
  }

  function packTexts(): void {
    const batch = pack(texts)
    batches.push(batch)
    queuedBytes += batch.bytes - length
    texts = []
    length = 0
  }

  function schedule(): void {
    if (isScheduled) return
    isScheduled = true
    process.nextTick(sendScheduled)
  }

  function sendScheduled(): void {
    isScheduled = false
    enough = FIRST_BATCH_LENGTH
    sendWhileRoom()
  }

  function sendWhileRoom(): void {
    while (sentBytes < SYSTEM_BYTES && queuedBytes > sentBytes) sendNext()
  }

  function sendNext(): void {
    if (batches.length === 0) packTexts()
    const batch = batches.shift()!
    sentBytes += batch.bytes
    batch.send((error) => {
      sentBytes -= batch.bytes
      queuedBytes -= batch.bytes
      if (error) onError(error)
      sendWhileRoom()
      wake()
    })
  }

  /** `true`: the last message that waits says it too now. */
  function mergeIntoLast(text: string): boolean {
    const older = texts.at(-1)
    if (!merge || older === undefined || sentBytes < SYSTEM_BYTES || older.length + text.length > MERGED_LENGTH)
      return false
    // As the peer would read them: what our caller does to its objects in the meantime is not in them.
    const merged = mergeAlike(merge, JSON.parse(older), JSON.parse(text))
    if (merged === undefined) return false
    const mergedText = encode(merged)
    texts[texts.length - 1] = mergedText
    length += mergedText.length - older.length
    queuedBytes += mergedText.length - older.length
    return true
  }

  function isDrained(): boolean {
    return isReleased || queuedBytes <= drainedBytes
  }

  function wake(): void {
    if (waiting.length === 0 || !isDrained()) return
    const ready = waiting
    waiting = []
    for (const resolve of ready) resolve()
  }

  return {
    get queuedBytes() {
      return queuedBytes
    },
    write(message, known) {
      const text = encode(message, known)
      if (!merge || !mergeIntoLast(text)) append(text)
    },
    drained() {
      if (isDrained()) return Promise.resolve()
      return new Promise((resolve) => waiting.push(resolve))
    },
    sendAll() {
      while (queuedBytes > sentBytes) sendNext()
    },
    release() {
      isReleased = true
      wake()
    },
  }
}

function mergeAlike(merge: Merge, older: JsonRpcMessage, newer: JsonRpcMessage): JsonRpcNotification | undefined {
  if (!isNotification(older) || !isNotification(newer) || older.method !== newer.method) return undefined
  return merge(older, newer)
}

function isNotification(message: JsonRpcMessage): message is JsonRpcNotification {
  return 'method' in message && !('id' in message)
}

function overflow(bytes: number, maxQueuedBytes: number): TransportError {
  return new TransportError('overflow', `Expected at most ${maxQueuedBytes} bytes to wait for the peer, got ${bytes}`)
}
