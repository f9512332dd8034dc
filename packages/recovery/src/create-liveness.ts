export interface LivenessOptions {
  /** How often to ask the peer for a sign of life, ms. @default 15_000 */
  pingMs?: number
  /** A peer that was silent for so long is gone, ms. @default 45_000 */
  deadlineMs?: number
}

export interface Liveness {
  /** How often to look, ms. */
  readonly lookMs: number
  /** What to do now. `heard`: bytes came since the last look, whatever they were. */
  look(now: number, heard: boolean): 'wait' | 'ping' | 'gone'
}

/**
 * Whether a peer that says nothing is gone. Time in which we did not look, because this process stood still, is not held
 * against it: what it said in the meantime lies unread.
 */
export function createLiveness(startedAt: number, options: LivenessOptions = {}): Liveness {
  const {pingMs = 15_000, deadlineMs = 45_000} = options
  const lookMs = Math.min(pingMs, deadlineMs) / 3
  let lookedAt = startedAt
  let heardAt = startedAt
  let pingedAt = startedAt
  return {
    lookMs,
    look(now, heard) {
      const stalledMs = Math.max(0, now - lookedAt - 2 * lookMs)
      lookedAt = now
      heardAt = heard ? now : heardAt + stalledMs
      if (now - heardAt >= deadlineMs) return 'gone'
      if (now - pingedAt < pingMs) return 'wait'
      pingedAt = now
      return 'ping'
    },
  }
}
