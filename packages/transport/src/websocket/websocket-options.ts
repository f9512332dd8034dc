import type {Merge} from '../messages/bounded-writer.ts'
import type {LivenessOptions} from '@holdfast/recovery'

export interface WebSocketOptions extends LivenessOptions {
  /** The longest message, both ways, bytes of UTF-8. A longer one that arrives closes the connection (1009). @default 33_554_432 (32 MiB) */
  maxMessageBytes?: number
  /** What may wait to be written, bytes. One message is always taken when nothing waits. @default 67_108_864 (64 MiB) */
  maxQueuedBytes?: number
  /** Makes one of two notifications that wait for a slow peer. @default none is merged */
  merge?: Merge
  /** @default the system's */
  clock?: Clock
}

export interface Clock {
  /** ms, never going back. */
  now(): number
  /** Calls back again and again, until the function that it returns is called. */
  every(ms: number, callback: () => void): () => void
}

export const SYSTEM_CLOCK: Clock = {
  now: () => performance.now(),
  every(ms, callback) {
    const timer = setInterval(callback, ms)
    return () => clearInterval(timer)
  },
}
