/** Lines that may be written, counted apart for each kind of event: a flood of one kind hides no other. */
export interface RateLimit {
  /** Whether an event of this kind may be written at `now`, and how many of its kind were not since the last that was. */
  take(kind: string, now: number): {isAllowed: boolean; suppressed: number}
}

interface Bucket {
  /** Lines that may be written at once; a fraction grows to the next one. */
  left: number
  filledAt: number
  suppressed: number
}

/** Kinds are words of our own code; should somebody make them up, all further ones share a bucket. */
const MAX_KINDS = 100

/** A token bucket for each kind: `perMinute` lines at once, and as many again in each minute. */
export function createRateLimit(perMinute: number): RateLimit {
  const buckets = new Map<string, Bucket>()
  return {
    take(kind, now) {
      const bucket = bucketOf(buckets.size < MAX_KINDS || buckets.has(kind) ? kind : '', now)
      // A clock that was set back grants nothing and takes nothing.
      bucket.left = Math.min(perMinute, bucket.left + (Math.max(0, now - bucket.filledAt) * perMinute) / 60_000)
      bucket.filledAt = now
      if (bucket.left < 1) {
        bucket.suppressed += 1
        return {isAllowed: false, suppressed: bucket.suppressed}
      }
      const {suppressed} = bucket
      bucket.left -= 1
      bucket.suppressed = 0
      return {isAllowed: true, suppressed}
    },
  }

  function bucketOf(kind: string, now: number): Bucket {
    const known = buckets.get(kind)
    if (known) return known
    const made = {left: perMinute, filledAt: now, suppressed: 0}
    buckets.set(kind, made)
    return made
  }
}
