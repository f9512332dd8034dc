import {deleteSession} from '../claim/delete-session.ts'
import {listHeldSessions} from '../machines/list-held-sessions.ts'
import type {Fleet} from '../stream/fleet.ts'
import {natsOf} from '../stream/nats-of.ts'
import {streamName} from '../stream/subjects.ts'
import {toFleetError} from '../stream/to-fleet-error.ts'
import {archiveSession, type ArchiveOptions} from './archive-session.ts'
import {planRetention, type RetentionRules} from './plan-retention.ts'

export interface RetentionOptions extends ArchiveOptions, RetentionRules {
  /** The time, epoch ms. @default Date.now() */
  now?: number
  /** Called after each session that has left the cluster. */
  onArchived?: ((archived: {sessionId: string; file: string; why: 'age' | 'size'}) => void) | undefined
}

/**
 * Archives the closed sessions of one stream that do not stay, one after the other, and finishes deletions that were begun. Any number of
 * machines may do so. Returns how many sessions it has archived. Throws like `archiveSession`.
 */
export async function applyRetention(fleet: Fleet, shard: number, options: RetentionOptions): Promise<number> {
  const {now = Date.now(), onArchived, folder, signal, ...rules} = options
  let sessions = await listHeldSessions(fleet, shard)
  for (const {sessionId, isUnfinished} of sessions) {
    if (isUnfinished) await deleteSession(fleet, sessionId)
  }
  let count = 0
  for (;;) {
    signal?.throwIfAborted()
    const plan = planRetention(sessions, {now, bytes: await readBytes(fleet, shard)}, rules)
    if (plan === undefined) return count
    const {sessionId} = plan.session
    sessions = sessions.filter((session) => session !== plan.session)
    const file = await archiveSession(fleet, sessionId, {folder, signal})
    if (file === undefined) continue
    count++
    onArchived?.({sessionId, file, why: plan.why})
  }
}

async function readBytes(fleet: Fleet, shard: number): Promise<number> {
  try {
    return (await natsOf(fleet).manager.streams.info(streamName(fleet.name, shard, fleet.shards))).state.bytes
  } catch (error) {
    throw toFleetError(error)
  }
}
