import {readEvent, type LoggedEvent} from '@holdfast/client'
import type {SessionState} from '@holdfast/protocol'

import type {CachedSession} from '../cache/page-cache.ts'

/** Events, and about the UTF-16 units, that a session keeps on this device. */
const maxEvents = 1500
const maxLength = 1024 * 1024

/** The end of a session for the cache. Pure. */
export function cachedSession(events: readonly LoggedEvent[], state: SessionState, now: number): CachedSession {
  let length = 0
  let at = events.length
  while (at > 0 && events.length - at < maxEvents) {
    // An event that could not be read has lost its content: the log before it is not whole.
    if (events[at - 1]?.type === 'unknown') break
    length += JSON.stringify(events[at - 1]).length
    if (length > maxLength) break
    at--
  }
  // A half-typed prompt is on the screen, and in the log of the host.
  return {id: state.session_id, events: events.slice(at), state: {...state, draft: ''}, savedAt: now}
}

/** The events of a cached session, if all of them can be read and follow each other: another version of the page may have saved them. Pure. */
export function eventsOfCache(cached: CachedSession): LoggedEvent[] | undefined {
  const events: LoggedEvent[] = []
  for (const saved of cached.events) {
    const event = readEvent(saved, () => undefined)
    if (event === undefined || !('seq' in event) || event.type === 'unknown') return undefined
    if (events.length > 0 && event.seq !== events.at(-1)!.seq + 1) return undefined
    events.push(event)
  }
  return events.length === 0 ? undefined : events
}
