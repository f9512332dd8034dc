/** Limits lines by the kind of event, so that a flood of one kind does not affect others. */
export interface RateLimit {
  /** Whether an event of this kind may be written at `now`, and how many of its kind were suppressed since the last one. */
  take(kind: string, now: number): {isAllowed: boolean; suppressed: number}
}

interface Bucket {
  /** Lines that may be written now; a fraction grows to the next one. */
  left: number
  filledAt: number
  suppressed: number
}

/** Further kinds share one bucket. */
const maxKinds = 100

/** A token bucket for each kind: `perMinute` lines at once, and as many more in each minute. */
export function createRateLimit(perMinute: number): RateLimit {
  const buckets = new Map<string, Bucket>()
  return {
    take(kind, now) {
      const bucket = bucketOf(buckets.size < maxKinds || buckets.has(kind) ? kind : '', now)
      // A clock that was set back adds and removes nothing.
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
    const bucket = {left: perMinute, filledAt: now, suppressed: 0}
    buckets.set(kind, bucket)
    return bucket
  }
}
