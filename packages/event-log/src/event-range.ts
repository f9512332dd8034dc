/** A stretch of a log. */
export interface EventRange {
  /** Only events after this seq. @default 0 */
  afterSeq?: number | undefined
  /** Only events before this seq. Without `afterSeq` the range ends there and goes back: for paging. @default none */
  beforeSeq?: number | undefined
  /** At most so many events. @default 1000 */
  limit?: number | undefined
  /** Stops before the payloads grow over this, but returns one event if there is one. @default 1 MiB */
  maxBytes?: number | undefined
}

export interface ResolvedRange {
  /** The first and the last seq that may be in it. */
  first: number
  last: number
  /** Which end is kept when the bounds cut: the oldest events, or the newest. */
  from: 'oldest' | 'newest'
  limit: number
  maxBytes: number
}

export function resolveRange(range: EventRange, latestSeq: number): ResolvedRange {
  const {afterSeq, beforeSeq = Infinity, limit = 1000, maxBytes = 1024 * 1024} = range
  return {
    first: (afterSeq ?? 0) + 1,
    last: Math.min(beforeSeq - 1, latestSeq),
    from: afterSeq === undefined && beforeSeq !== Infinity ? 'newest' : 'oldest',
    limit,
    maxBytes,
  }
}

/** Takes events, in the order in which they come, up to the bound on their bytes. */
export function takeWithin<T>(events: Iterable<T>, bytesOf: (event: T) => number, maxBytes: number): T[] {
  const taken: T[] = []
  let bytes = 0
  for (const event of events) {
    bytes += bytesOf(event)
    if (taken.length > 0 && bytes > maxBytes) break
    taken.push(event)
  }
  return taken
}
