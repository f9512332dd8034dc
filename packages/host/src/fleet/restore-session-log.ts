import {openSqliteLog, type EventLog} from '@holdfast/event-log'
import {FleetError, readSession, restoreLog, type Claim, type Fleet} from '@holdfast/fleet'

/**
 * Whether a log lacks events that the cluster had when the session was claimed. Throws a `FleetError` `diverged` if it has others in their
 * place.
 */
export function lacksEvents(log: Pick<EventLog, 'latestSeq' | 'read'> | undefined, claim: Claim): boolean {
  const {sessionId, through, throughAt} = claim
  if (log === undefined || log.latestSeq < through) return through > 0
  const [last] = through === 0 ? [] : log.read({afterSeq: through - 1, limit: 1})
  if (last !== undefined && last.at !== throughAt) throw diverged(sessionId, through)
  return false
}

/**
 * Reads back the events that the log of a claimed session lacks. Nobody has the log open. Throws a `FleetError`, or an `EventLogError`.
 */
export async function restoreSessionLog(fleet: Fleet, claim: Claim, file: string): Promise<void> {
  await requireSameEvents(fleet, claim.sessionId, file)
  await restoreLog(fleet, claim, {file})
}

/** Throws a `FleetError` `diverged` if the log ends with another event than the cluster has: what follows would not fit. */
async function requireSameEvents(fleet: Fleet, sessionId: string, file: string): Promise<void> {
  const local = openSqliteLog({file, sessionId, create: true})
  try {
    const [last] = local.read({afterSeq: local.latestSeq - 1})
    if (last === undefined) return
    for await (const {event} of readSession(fleet, sessionId, {afterSeq: last.seq - 1})) {
      if (event.at === last.at) return
      throw diverged(sessionId, last.seq)
    }
  } finally {
    local.close()
  }
}

function diverged(sessionId: string, seq: number): FleetError {
  const message = `Event ${seq} of session ${sessionId} differs from the one in the cluster: move this log away, and read it back`
  return new FleetError('diverged', message)
}
