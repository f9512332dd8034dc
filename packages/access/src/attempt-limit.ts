export interface AttemptLimitOptions {
  /** Attempts of one address at once. @default 10 */
  burst?: number
  /** After which time an address may try once more, ms. @default 10_000 */
  everyMs?: number
  /** The same for all addresses together. @default 100 */
  totalBurst?: number
  /** @default 1000 */
  totalEveryMs?: number
  /** Addresses that are remembered; further ones share one limit. @default 1000 */
  maxAddresses?: number
}

export interface AttemptLimit {
  /** Counts an attempt at `now`, ms. Returns after which time the address may try again, ms: 0 if it may now. */
  take(address: string, now: number): number
}

interface Bucket {
  left: number
  filledAt: number
}

/**
 * Limits attempts to guess a secret, for each address and for all together: many addresses guess no faster than the total
 * allows. An attempt that is refused does not count.
 */
export function createAttemptLimit(options: AttemptLimitOptions = {}): AttemptLimit {
  const {burst = 10, everyMs = 10_000, totalBurst = 100, totalEveryMs = 1000, maxAddresses = 1000} = options
  const buckets = new Map<string, Bucket>()
  const total: Bucket = {left: totalBurst, filledAt: 0}

  function bucketOf(address: string, now: number): Bucket {
    const known = buckets.get(address)
    if (known !== undefined) return known
    if (buckets.size >= maxAddresses) {
      // Those that may try as often as a new one need not be remembered.
      for (const [one, {filledAt}] of buckets) if (now - filledAt >= burst * everyMs) buckets.delete(one)
    }
    const key = buckets.size < maxAddresses ? address : ''
    const bucket = buckets.get(key) ?? {left: burst, filledAt: now}
    buckets.set(key, bucket)
    return bucket
  }

  return {
    take(address, now) {
      const own = bucketOf(networkOf(address), now)
      refill(own, now, burst, everyMs)
      refill(total, now, totalBurst, totalEveryMs)
      const waitMs = Math.max(waitOf(own, everyMs), waitOf(total, totalEveryMs))
      if (waitMs > 0) return waitMs
      own.left -= 1
      total.left -= 1
      return 0
    },
  }
}

function refill(bucket: Bucket, now: number, burst: number, everyMs: number): void {
  // A clock that was set back adds and removes nothing.
  bucket.left = Math.min(burst, bucket.left + Math.max(0, now - bucket.filledAt) / everyMs)
  bucket.filledAt = now
}

function waitOf({left}: Bucket, everyMs: number): number {
  return left >= 1 ? 0 : Math.ceil((1 - left) * everyMs)
}

/** One customer has a whole /64 network of IPv6. IPv4 in IPv6 is IPv4. */
function networkOf(address: string): string {
  const four = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (four !== undefined || !address.includes(':')) return four ?? address
  const [head = '', tail] = address.split('::')
  const groups = head === '' ? [] : head.split(':')
  if (tail !== undefined) while (groups.length < 4) groups.push('0')
  return groups.slice(0, 4).join(':')
}
