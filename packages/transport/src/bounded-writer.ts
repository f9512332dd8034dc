import type {Writable} from 'node:stream'
import {TransportError} from '@holdfast/rpc'
import {DRAINED_BYTES, MAX_QUEUED_BYTES} from './limits.ts'

export interface BoundedWriterOptions {
  /** @default 67_108_864 (64 MiB) */
  maxQueuedBytes?: number
  /** A write failed. What was queued behind it is lost. */
  onError(error: Error): void
}

export interface BoundedWriter {
  /** Bytes that the system has not yet taken. */
  readonly queuedBytes: number
  /** Throws `TransportError` with code `overflow`. A line of any size is taken when nothing waits. */
  write(line: string): void
  drained(): Promise<void>
  /** Sends what is queued, and ends the stream; resolves when that is done or can no longer be, or after the deadline. */
  end(deadlineMs: number): Promise<void>
  /** Nothing will be written any more: whoever waits for room goes on. */
  release(): void
}

/** A batch of this size, bytes, goes out at once; a smaller one at the end of the tick. */
const BATCH_BYTES = 64 * 1024

/** A queue with a bound in front of a stream, which has none. Lines that are written in one tick leave together. */
export function createBoundedWriter(writable: Writable, options: BoundedWriterOptions): BoundedWriter {
  const {maxQueuedBytes = MAX_QUEUED_BYTES, onError} = options
  const drainedBytes = Math.min(DRAINED_BYTES, maxQueuedBytes / 2)
  let batch: string[] = []
  let batchBytes = 0
  let queuedBytes = 0
  let isScheduled = false
  let isReleased = false
  let waiting: (() => void)[] = []

  function sendBatch(): void {
    isScheduled = false
    if (batchBytes === 0) return
    const text = batch.length === 1 ? batch[0]! : batch.join('')
    const bytes = batchBytes
    batch = []
    batchBytes = 0
    // The callback comes when the system took all of it.
    writable.write(text, 'utf8', (error) => {
      queuedBytes -= bytes
      if (error) onError(error)
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
      return queuedBytes
    },
    write(line) {
      const bytes = Buffer.byteLength(line)
      if (queuedBytes > 0 && queuedBytes + bytes > maxQueuedBytes) {
        throw new TransportError(
          'overflow',
          `Expected at most ${maxQueuedBytes} bytes to wait for the peer, got ${queuedBytes + bytes}`,
        )
      }
      batch.push(line)
      batchBytes += bytes
      queuedBytes += bytes
      if (batchBytes >= BATCH_BYTES) return sendBatch()
      if (isScheduled) return
      isScheduled = true
      process.nextTick(sendBatch)
    },
    drained() {
      if (isDrained()) return Promise.resolve()
      return new Promise((resolve) => waiting.push(resolve))
    },
    end(deadlineMs) {
      sendBatch()
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
    },
    release() {
      isReleased = true
      wake()
    },
  }
}
