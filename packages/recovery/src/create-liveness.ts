export interface LivenessOptions {
  /** How often to ping the peer, ms. @default 15_000 */
  pingMs?: number
  /** A peer that sent nothing for this time is gone, ms. @default 45_000 */
  deadlineMs?: number
}

export interface Liveness {
  /** How often to call `check`, ms. */
  readonly checkEveryMs: number
  /** What to do now. `isResponsive`: the peer has sent at least one byte since the last call. */
  check(now: number, isResponsive: boolean): 'wait' | 'ping' | 'gone'
}

/**
 * Decides whether an unresponsive peer is gone. Time in which `check` was not called, because this process stood still, does
 * not count: this process has not yet read the bytes that the peer sent meanwhile.
 */
export function createLiveness(startedAt: number, options: LivenessOptions = {}): Liveness {
  const {pingMs = 15_000, deadlineMs = 45_000} = options
  const checkEveryMs = Math.min(pingMs, deadlineMs) / 3
  let checkedAt = startedAt
  let responsiveAt = startedAt
  let pingedAt = startedAt
  return {
    checkEveryMs,
    check(now, isResponsive) {
      const stalledMs = Math.max(0, now - checkedAt - 2 * checkEveryMs)
      checkedAt = now
      responsiveAt = isResponsive ? now : responsiveAt + stalledMs
      if (now - responsiveAt >= deadlineMs) return 'gone'
      if (now - pingedAt < pingMs) return 'wait'
      pingedAt = now
      return 'ping'
    },
  }
}
