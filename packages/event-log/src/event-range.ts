import type {SessionEvent} from '@holdfast/protocol'

export interface EventRange {
  /** Only events after this seq. @default 0 */
  afterSeq?: number | undefined
  /** Only events before this seq. Without `afterSeq`, `limit` and `maxBytes` keep the newest events: for paging back. @default no limit */
  beforeSeq?: number | undefined
  /** The most events to return. @default 1000 */
  limit?: number | undefined
  /** The most characters of JSON payload to return; the first event is returned whatever its size. @default 1 MiB */
  maxBytes?: number | undefined
  /** Leaves out events of other types, but perhaps not in a damaged log. @default all types */
  types?: readonly string[] | undefined
}

export interface ResolvedRange {
  /** The first and the last seq that may be in the range. */
  first: number
  last: number
  /** Which events to keep when `limit` or `maxBytes` cuts the range. */
  from: 'oldest' | 'newest'
  limit: number
  maxBytes: number
  types: readonly string[] | undefined
}

export function resolveRange(range: EventRange, latestSeq: number): ResolvedRange {
  const {afterSeq, beforeSeq = Infinity, limit = 1000, maxBytes = 1024 * 1024, types} = range
  return {
    first: Math.max(0, afterSeq ?? 0) + 1,
    last: Math.min(beforeSeq - 1, latestSeq),
    from: afterSeq === undefined && beforeSeq !== Infinity ? 'newest' : 'oldest',
    limit,
    maxBytes,
    types,
  }
}

/** What `limit` and `maxBytes` leave of events that are in the order of their seqs. */
export function cutToRange(events: readonly SessionEvent[], {from, limit, maxBytes}: ResolvedRange): SessionEvent[] {
  const lengthOf = (event: SessionEvent) => JSON.stringify(event.payload).length
  if (from === 'oldest') return takeWithin(events.slice(0, limit), lengthOf, maxBytes)
  return takeWithin(events.toReversed().slice(0, limit), lengthOf, maxBytes).reverse()
}

/** The first events that fit into `maxBytes`, but at least one. */
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
