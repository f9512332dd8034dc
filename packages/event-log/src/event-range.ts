import type {NewEvent, SessionEvent} from '@holdfast/protocol'

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
  /** Reads the frames of `screen.drawn`, which may be most of a log. @default false */
  frames?: boolean | undefined
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
  frames: boolean
}

export function resolveRange(range: EventRange, latestSeq: number): ResolvedRange {
  const {afterSeq, beforeSeq = Infinity, limit = 1000, maxBytes = 1024 * 1024, types, frames = false} = range
  return {
    first: Math.max(0, afterSeq ?? 0) + 1,
    last: Math.min(beforeSeq - 1, latestSeq),
    from: afterSeq === undefined && beforeSeq !== Infinity ? 'newest' : 'oldest',
    limit,
    maxBytes,
    types,
    frames,
  }
}

/** What `limit`, `maxBytes` and `frames` leave of events that are in the order of their seqs. */
export function cutToRange(
  all: readonly SessionEvent[],
  {from, limit, maxBytes, frames}: ResolvedRange,
): SessionEvent[] {
  const lengthOf = (event: SessionEvent) => JSON.stringify(event.payload).length
  const events = frames ? all : all.map(withoutFrames)
  if (from === 'oldest') return takeWithin(events.slice(0, limit), lengthOf, maxBytes)
  return takeWithin(events.toReversed().slice(0, limit), lengthOf, maxBytes).reverse()
}

/** The event as it is read without `frames`. */
export function withoutFrames<Event extends NewEvent>(event: Event): Event {
  return event.type === 'screen.drawn' ? {...event, payload: {}} : event
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
