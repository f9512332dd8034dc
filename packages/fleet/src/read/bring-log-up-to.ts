import {openSqliteLog, type EncodedEvent} from '@holdfast/event-log'
import type {NewEvent, SessionEvent} from '@holdfast/protocol'

import {FleetError} from '../fleet-error.ts'
import type {Fleet} from '../stream/fleet.ts'
import {readSession} from './read-session.ts'

/** Events in memory before they are committed. */
const maxEvents = 1000

/**
 * Writes the events of a session up to `through` into a SQLite log, which is created, or gets what it lacks. They keep their seqs and
 * times. Returns how many were added.
 */
export async function bringLogUpTo(
  fleet: Fleet,
  sessionId: string,
  {through, file, signal}: {through: number; file: string; signal: AbortSignal | undefined},
): Promise<number> {
  let at = 0
  const log = openSqliteLog({file, sessionId, create: true, now: () => at})
  try {
    const had = log.latestSeq
    if (had > through) {
      const message = `The log of session ${sessionId} has events ${through + 1} to ${had}, which the cluster does not have: move it away`
      throw new FleetError('diverged', message)
    }
    const commit = (events: readonly EncodedEvent[]) => {
      at = events[0]!.event.at
      log.append(events.map(({event: {type, payload}}) => ({type, payload}) as NewEvent))
    }
    const [last] = had === 0 ? [] : log.read({afterSeq: had - 1, limit: 1})
    if (had < through) await copyEvents(readAfter(fleet, sessionId, {last, signal}), {through, commit})
    signal?.throwIfAborted()
    // SQLite syncs the file when it moves the commits there.
    log.checkpoint()
    return through - had
  } finally {
    log.close()
  }
}

/** The events after `last`. The cluster has that one, too: what follows would not fit to another. */
async function* readAfter(
  fleet: Fleet,
  sessionId: string,
  {last, signal}: {last: SessionEvent | undefined; signal: AbortSignal | undefined},
): AsyncGenerator<EncodedEvent, void> {
  for await (const read of readSession(fleet, sessionId, {afterSeq: (last?.seq ?? 1) - 1, signal})) {
    const {seq, at} = read.event
    if (last === undefined || seq > last.seq) {
      yield read
    } else if (at !== last.at) {
      const message = `Event ${seq} of session ${sessionId} differs from the one in the cluster: move this log away, and read it back`
      throw new FleetError('diverged', message)
    }
  }
}

/** Commits the events that have the same time together: a commit has one time. */
async function copyEvents(
  events: AsyncIterable<EncodedEvent>,
  {through, commit}: {through: number; commit: (events: readonly EncodedEvent[]) => void},
): Promise<void> {
  let group: EncodedEvent[] = []
  for await (const read of events) {
    const isOther = read.event.at !== group[0]?.event.at || group.length === maxEvents
    if (isOther && group.length > 0) {
      commit(group)
      group = []
    }
    group.push(read)
    if (read.event.seq === through) break
  }
  if (group.length > 0) commit(group)
}
