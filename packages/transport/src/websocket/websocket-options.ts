import type {LivenessOptions} from '@holdfast/recovery'
import type {MessageOptions} from '../messages/message-writer.ts'
import type {PeerBudget} from '../messages/peer-budget.ts'

export interface WebSocketOptions extends LivenessOptions, MessageOptions {
  /** Bounds unfinished messages, together with those of other transports. @default none; a listener's connections share one */
  readBudget?: PeerBudget
  /** Bounds write queues, together with those of other transports. @default none; a listener's connections share one */
  writeBudget?: PeerBudget
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

/**
 * Options of `ws` for both ends. Pieces of an unfinished message have their own bounds, as small ones cost more memory than
 * their bytes. The transport answers pings itself.
 */
export const RECEIVER_OPTIONS = {
  perMessageDeflate: false,
  autoPong: false,
  maxBufferedChunks: 64 * 1024,
  maxFragments: 16 * 1024,
} as const
