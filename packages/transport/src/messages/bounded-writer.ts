import {TransportError} from '@holdfast/rpc'
import {DRAINED_BYTES, MAX_QUEUED_BYTES} from './limits.ts'

export interface BoundedWriterOptions {
  /** @default 67_108_864 (64 MiB) */
  maxQueuedBytes?: number
  /** Combines two messages that wait for a slow peer, one directly behind the other; `undefined` keeps them apart. @default none are combined */
  merge?: ((older: string, newer: string) => string | undefined) | undefined
  /** Joins messages into a batch, which the system gets in one piece. The writer does not use the list afterwards. */
  pack(texts: string[]): Batch
  /** Whether the system has taken all batches that were sent. */
  isIdle(): boolean
  /** Called when `queuedBytes` has changed. @default nothing is called */
  onQueued?: ((bytes: number) => void) | undefined
  /** A batch could not be sent. The batches behind it are lost. */
  onError(error: Error): void
}

export interface BoundedWriter {
  /** Bytes that the system has not yet taken; 0 after `release`. */
  readonly queuedBytes: number
  /**
   * Queues an encoded message. An empty queue takes any message; a full one throws `TransportError` `overflow`.
   * `mayMerge`: `merge` may combine it with its neighbours. @default false
   */
  write(text: string, mayMerge?: boolean): void
  /** Resolves when 64 KiB or less are queued, or after `release`. */
  drained(): Promise<void>
  /** Sends all that is queued, whether the system has room for it or not. */
  sendAll(): void
  /** Nothing more will be written: resolves all calls of `drained`. */
  release(): void
}

export interface Batch {
  readonly bytes: number
  /** Sends the batch. Calls `done` when the system has taken all of it, or with an error. */
  send(done: (error?: Error | null) => void): void
}

/** Size at which a batch is closed, characters. A smaller one is sent at the end of the tick. */
const BATCH_LENGTH = 64 * 1024
/** Size of the first batch of a tick, characters: the peer starts on it while we continue. Each further batch is twice as large. */
const FIRST_BATCH_LENGTH = 1024
/** Bytes to give the system at a time. More would only wait in Node's own queue. */
const SYSTEM_BYTES = 128 * 1024
/** Messages are not merged beyond this size, characters: each merge encodes both again. */
const MERGED_LENGTH = 16 * 1024

/** A bounded queue in front of a stream, whose own queue has no bound. Sends messages that are written in one tick together. */
export function createBoundedWriter(options: BoundedWriterOptions): BoundedWriter {
  const {maxQueuedBytes = MAX_QUEUED_BYTES, merge, pack, isIdle, onQueued, onError} = options
  const drainedBytes = Math.min(DRAINED_BYTES, maxQueuedBytes / 2)
  /** Packed batches. The messages in `texts` follow them. */
  const batches: Batch[] = []
  let texts: string[] = []
  /** Characters in `texts`. Bytes are counted when they are packed: counting them for each message takes longer. */
  let length = 0
  /** Size of the next batch of this tick while the system is idle, characters. */
  let earlyLength = FIRST_BATCH_LENGTH
  /** Bytes that were sent, and that the system has not yet taken. */
  let sentBytes = 0
  let queuedBytes = 0
  let isScheduled = false
  let isReleased = false
  let mayMergeLast = false
  let waiting: (() => void)[] = []

  /** Returns `true` if the last queued message now stands for `text`, too. */
  function mergeIntoLast(text: string): boolean {
    const older = texts.at(-1)
    // While the system has room, merging would only delay the messages.
    if (!merge || older === undefined || sentBytes < SYSTEM_BYTES) return false
    if (older.length + text.length > MERGED_LENGTH) return false
    const merged = merge(older, text)
    if (merged === undefined) return false
    texts[texts.length - 1] = merged
    length += merged.length - older.length
    queuedBytes += merged.length - older.length
    return true
  }

  function sendEarly(): void {
    sendWhileRoom()
    earlyLength = Math.min(earlyLength * 2, BATCH_LENGTH)
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
    earlyLength = FIRST_BATCH_LENGTH
    sendWhileRoom()
  }

  function sendWhileRoom(): void {
    while (sentBytes < SYSTEM_BYTES && queuedBytes > sentBytes) sendNext()
  }

  function sendNext(): void {
    if (batches.length === 0) packTexts()
    // Not the batch: its text would stay in memory beside the bytes that the system has not taken.
    const {bytes, send} = batches.shift()!
    sentBytes += bytes
    send((error) => {
      sentBytes -= bytes
      queuedBytes -= bytes
      onQueued?.(queuedBytes)
      if (error) onError(error)
      sendWhileRoom()
      wake()
    })
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
      return isReleased ? 0 : queuedBytes
    },
    write(text, mayMerge = false) {
      if (mayMerge && mayMergeLast && mergeIntoLast(text)) return
      const size = text.length < BATCH_LENGTH ? text.length : Buffer.byteLength(text)
      if (queuedBytes > 0 && queuedBytes + size > maxQueuedBytes) {
        throw new TransportError('overflow', `The write queue is full (${maxQueuedBytes} bytes): wait for drained()`)
      }
      texts.push(text)
      mayMergeLast = mayMerge
      length += text.length
      queuedBytes += text.length
      if (length >= BATCH_LENGTH) packTexts()
      if (batches.length > 0) sendWhileRoom()
      else if (length >= earlyLength && isIdle()) sendEarly()
      else schedule()
      onQueued?.(queuedBytes)
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
