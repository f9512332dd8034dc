import {openSqliteLog, sessionPaths} from '@holdfast/event-log'

import {readTakeOverFrom} from '../../claim/read-take-over.ts'
import {planReconcile} from './plan-reconcile.ts'
import type {MachineContext} from '../machine-context.ts'
import {removeSession, withoutHost} from './session-files.ts'
import {setAside} from './unshipped-logs.ts'

/**
 * Clears away the log of a session that another machine has claimed: what the cluster has is removed here, what it does not have is
 * set aside. Returns whether that is done; a host that still runs the session is told to look at its claim.
 */
export async function reconcileLog(context: MachineContext, sessionId: string): Promise<boolean> {
  const {home, hosts} = context
  const done = await withoutHost(home, sessionId, () => clearAway(context, sessionId))
  if (done === 'busy') hosts.check(sessionId)
  return done === true
}

/** The same, in `withoutHost`. */
export async function clearAway({fleet, me, home, report}: MachineContext, sessionId: string): Promise<boolean> {
  const takeOver = await readTakeOverFrom(fleet, sessionId, me)
  const {log} = sessionPaths(home, sessionId)
  const plan = planReconcile(readLatestSeq(log, sessionId), takeOver)
  if (plan.kind === 'wait' || takeOver === undefined) return plan.kind !== 'wait'
  const {machine, epoch} = takeOver
  if (plan.kind === 'set-aside') {
    const {first, last} = plan
    const file = setAside(home, log, {sessionId, epoch, through: first - 1})
    report({kind: 'set-aside', sessionId, machine, first, last, file})
  } else {
    report({kind: 'removed', sessionId, machine})
  }
  removeSession(home, sessionId)
  return true
}

/** Removes the log of a session that somebody has deleted in the fleet. Returns whether that is done. */
export async function removeDeleted({home, hosts, report}: MachineContext, sessionId: string): Promise<boolean> {
  const done = await withoutHost(home, sessionId, () => removeSession(home, sessionId))
  if (done === 'busy') {
    hosts.check(sessionId)
    return false
  }
  report({kind: 'removed', sessionId, machine: undefined})
  return true
}

/** Moves what is in the WAL into the file, too, unless somebody reads the log at this moment. */
function readLatestSeq(file: string, sessionId: string): number {
  const log = openSqliteLog({file, sessionId})
  try {
    log.checkpoint()
    return log.latestSeq
  } finally {
    log.close()
  }
}
