import {mkdirSync, renameSync} from 'node:fs'

import {deleteLog, hasLog, openSqliteLog, sessionPaths} from '@holdfast/event-log'

import {claimSession} from '../../claim/claim-session.ts'
import {closeClaim} from '../../claim/close-claim.ts'
import type {Claim} from '../../claim/plan-claim.ts'
import {FleetError, isFleetError} from '../../fleet-error.ts'
import {restoreLog} from '../../read/restore-log.ts'
import {completeThrough} from '../../stream/envelope.ts'
import {lastLog} from '../../stream/session-messages.ts'
import {sessionSubjects} from '../../stream/subjects.ts'
import type {HeldSession} from '../choose-machine.ts'
import type {MachineContext} from '../machine-context.ts'
import {clearAway} from '../reconcile/reconcile-log.ts'
import {withoutHost} from '../reconcile/session-files.ts'
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
  const {log: file} = sessionPaths(home, sessionId)
  // Its events after those of the cluster would come between those of the others.
  if (hasLog(file)) {
    if (!(await clearAway(context, sessionId)) || hasLog(file)) return {kind: 'later'}
  }
  const last = await lastLog(fleet, sessionSubjects(fleet.name, fleet.shards, sessionId))
  // The machine that had it has its events, and can go on when it comes back.
  if (last === undefined || completeThrough(last.envelope) === 0) return {kind: 'empty'}
  const claimAfter = (epoch: number) => claimSession(fleet, sessionId, {machine: me, instance, replaces: epoch, needs})
  // An attempt of this process that failed after its claim goes on with that claim: each one more stays in the cluster for good.
  const again = reason === 'restored' ? await claimAfter(replaces - 1) : undefined
  const result = again?.kind === 'won' ? again : await claimAfter(replaces)
  if (result.kind === 'lost') return {kind: 'lost'}
  const {claim} = result
  // Nobody sees the log before it is whole.
  const folder = `${home}/restoring`
  mkdirSync(folder, {recursive: true, mode: 0o700})
  const restored = `${folder}/${sessionId}.db`
  await restoreAnew(context, claim, restored)
  signal.throwIfAborted()
  const state = appendNote(restored, {sessionId, text: describe(reason, {from, me})})
  // Otherwise only this machine would have the note, if no host starts: whoever takes over from it would write another event of its seq.
  await shipAll(context, claim, restored)
  renameSync(restored, file)
  // Its machine has died before it could say so in the cluster.
  if (state === 'closed') await closeClaim(fleet, claim)
  report({kind: 'took-over', sessionId, from, epoch: claim.epoch, through: claim.through})
  return {kind: 'taken', epoch: claim.epoch, isActive: state === 'active'}
}

/** What is left from an earlier attempt is gone on with, if it fits. */
async function restoreAnew(context: MachineContext, claim: Claim, file: string): Promise<void> {
  const {fleet, restoreMs} = context
  const late = AbortSignal.timeout(restoreMs)
  const signal = AbortSignal.any([context.signal, late])
  try {
    await restoreLog(fleet, claim, {file, signal})
  } catch (error) {
    if (late.aborted) {
      const message = `The cluster did not send the whole log of session ${claim.sessionId} within ${restoreMs / 1000} s: the rest is read later`
      throw new FleetError('unreachable', message, {cause: error})
    }
    if (!isFleetError(error) || error.code !== 'diverged') throw error
    deleteLog(file)
    await restoreLog(fleet, claim, {file, signal})
  }
}

/** `active`: a host has something to do, as a prompt was running or waits. */
function appendNote(file: string, {sessionId, text}: {sessionId: string; text: string}): 'active' | 'idle' | 'closed' {
  const log = openSqliteLog({file, sessionId})
  try {
    const state = log.state()
    if (state === undefined) throw new FleetError('missing', `The cluster has no events of session ${sessionId}`)
    if (state.closed !== null) return 'closed'
    log.append([{type: 'note', payload: {text, level: 'warning'}}], {durable: true})
    log.checkpoint()
    return state.running !== null || state.queue.length > 0 ? 'active' : 'idle'
  } finally {
    log.close()
  }
}

function describe(reason: Reason, {from, me}: {from: string; me: string}): string {
  if (reason === 'moved') return `The session was moved from machine ${from} to ${me}`
  if (reason === 'restored') return `Machine ${me} has read the log of the session back from the cluster`
  return `Machine ${from} is gone: the session goes on at ${me}. What was running there is lost, and so is what ${from} had not sent to the cluster; it names that when it is back`
}
