import type {LivenessOptions} from '@holdfast/recovery'
import type {MessageOptions} from '../messages/message-writer.ts'

export interface WebSocketOptions extends LivenessOptions, MessageOptions {
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
