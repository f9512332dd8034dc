import {mkdirSync, renameSync, utimesSync} from 'node:fs'

import {deleteLog, hasLog, openSqliteLog, sessionPaths} from '@holdfast/event-log'
import type {EventPayload, NewEvent} from '@holdfast/protocol'

import {claimSession} from '../../claim/claim-session.ts'
import {closeClaim} from '../../claim/close-claim.ts'
import type {Claim} from '../../claim/plan-claim.ts'
import {FleetError, isFleetError} from '../../fleet-error.ts'
import {completeThrough} from '../../stream/envelope.ts'
import {lastLog} from '../../stream/session-messages.ts'
import {sessionSubjects} from '../../stream/subjects.ts'
import type {HeldSession} from '../choose-machine.ts'
import {claimAgain} from '../claim-again.ts'
import type {MachineContext} from '../machine-context.ts'
import {clearAway} from '../reconcile/reconcile-log.ts'
import {withoutHost} from '../reconcile/session-files.ts'
import {restoreInTime} from '../restore-in-time.ts'
import {shipAll} from '../ship-all.ts'

/** `lost`: another machine was faster. `empty`: the cluster has no event of it. `busy`: a host runs it here. `later`: try again. */
export type Taken = {kind: 'taken'; epoch: number; isActive: boolean} | {kind: 'lost' | 'empty' | 'busy' | 'later'}

/** Why a session comes to this machine. */
export type Reason = 'gone' | 'moved' | 'restored'

/**
 * Claims a session and reads its log back, so that its host can be started here. Throws a `FleetError`, or the errors of the log; call it
 * again then.
 */
export async function takeSession(context: MachineContext, session: HeldSession, reason: Reason): Promise<Taken> {
  const {home, hosts} = context
  const {sessionId} = session
  const taken = await withoutHost(home, sessionId, () => take(context, session, reason))
  if (taken !== 'busy') return taken
  hosts.check(sessionId)
  return {kind: 'busy'}
}

async function take(context: MachineContext, session: HeldSession, reason: Reason): Promise<Taken> {
  const {fleet, me, instance, home, signal, report} = context
  const {sessionId, machine: from, epoch: replaces, needs} = session
  const {log: file, lease} = sessionPaths(home, sessionId)
  // A log that is still here may have events that the cluster lacks: set them aside before the session continues without them.
  if (hasLog(file)) {
    if (!(await clearAway(context, sessionId)) || hasLog(file)) return {kind: 'later'}
  }
  const last = await lastLog(fleet, sessionSubjects(fleet.name, fleet.shards, sessionId))
  // The machine that had it has its events, and can go on when it comes back.
  if (last === undefined || completeThrough(last.envelope) === 0) return {kind: 'empty'}
  const result =
    reason === 'restored'
      ? await claimAgain(context, session)
      : await claimSession(fleet, sessionId, {machine: me, instance, replaces, needs})
  if (result.kind === 'lost') return {kind: 'lost'}
  const {claim} = result
  // Nobody sees the log before it is whole.
  const folder = `${home}/restoring`
  mkdirSync(folder, {recursive: true, mode: 0o700})
  const restored = `${folder}/${sessionId}.db`
  await resumeOrRestoreAnew(context, claim, restored)
  signal.throwIfAborted()
  // The machine before may have begun a prompt that the cluster still has in the queue.
  const mayHaveBegun = reason === 'gone' && fleet.promise === 'local'
  const note = noteOf(reason, {from, me})
  const state = appendNote(restored, {sessionId, note, holdsQueue: mayHaveBegun})
  // Otherwise only this machine would have the note, if no host starts: whoever takes over from it would write another event of its seq.
  await shipAll(context, claim, restored)
  renameSync(restored, file)
  // A watch of this home saw the lease file appear before there was a log: touch the file, so that it looks again.
  const now = new Date()
  utimesSync(lease, now, now)
  // Its machine has died before it could say so in the cluster.
  if (state === 'closed') await closeClaim(fleet, claim)
  report({kind: 'took-over', sessionId, from, epoch: claim.epoch, through: claim.through})
  return {kind: 'taken', epoch: claim.epoch, isActive: state === 'active'}
}

/** Continues the log that an earlier attempt has left, or deletes it and begins anew if it has diverged. */
async function resumeOrRestoreAnew(context: MachineContext, claim: Claim, file: string): Promise<void> {
  try {
    await restoreInTime(context, claim, file)
  } catch (error) {
    if (!isFleetError(error) || error.code !== 'diverged') throw error
    deleteLog(file)
    await restoreInTime(context, claim, file)
  }
}

/** `active`: a host has something to do, as a prompt was running or waits. */
function appendNote(
  file: string,
  {sessionId, note, holdsQueue}: {sessionId: string; note: EventPayload<'note'>; holdsQueue: boolean},
): 'active' | 'idle' | 'closed' {
  const log = openSqliteLog({file, sessionId})
  try {
    const state = log.state()
    if (state === undefined) throw new FleetError('missing', `The cluster has no events of session ${sessionId}`)
    if (state.closed !== null) return 'closed'
    const isWaiting = state.queue.length > 0
    const events: NewEvent[] = [{type: 'note', payload: note}]
    if (holdsQueue && isWaiting) events.push({type: 'queue.held', payload: {reason: 'machine-gone', all: true}})
    log.append(events, {durable: true})
    log.checkpoint()
    return state.running !== null || (isWaiting && !holdsQueue) ? 'active' : 'idle'
  } finally {
    log.close()
  }
}

function noteOf(reason: Reason, {from, me}: {from: string; me: string}): EventPayload<'note'> {
  const level = 'warning'
  if (reason === 'moved') return {text: `The session was moved from machine ${from} to ${me}`, level}
  if (reason === 'restored') return {text: `Machine ${me} has read the log of the session back from the cluster`, level}
  const text = `Machine ${from} is gone: the session goes on at ${me}. What was running there is lost, and so are events that ${from} had not sent to the cluster; ${from} lists them when it is back`
  // The next host says so of what was running.
  return {text, level, reason: 'machine-gone'}
}
