import type {LivenessOptions} from '@holdfast/recovery'
import type {Merge} from '../messages/merge.ts'

export interface WebSocketOptions extends LivenessOptions {
  /** The longest message in either direction, bytes of UTF-8. A longer one that arrives closes the connection with 1009. @default 33_554_432 (32 MiB) */
  maxMessageBytes?: number
  /** Size of a full write queue, bytes. An empty queue takes one message of any size. @default 67_108_864 (64 MiB) */
  maxQueuedBytes?: number
  /** Combines two notifications that wait for a slow peer. Not applied to `RawTransport.write` with a text. @default none are combined */
  merge?: Merge
  /** Replaces the system clock, for tests. @default the system clock */
  clock?: Clock
}

export interface Clock {
  /** Milliseconds that never go back. */
  now(): number
  /** Calls back at an interval. Returns a function that ends it. */
  every(ms: number, callback: () => void): () => void
}

export const SYSTEM_CLOCK: Clock = {
  now: () => performance.now(),
  every(ms, callback) {
    const timer = setInterval(callback, ms)
    return () => clearInterval(timer)
  },
}
