import {setTimeout as delay} from 'node:timers/promises'

import {hasLog, sessionPaths} from '@holdfast/event-log'

import {claimSession} from '../../claim/claim-session.ts'
import {closeClaim} from '../../claim/close-claim.ts'
import {readHolder} from '../../claim/current-claim.ts'
import {FleetError} from '../../fleet-error.ts'
import {shipAll} from '../ship-all.ts'
import type {HeldSession} from '../choose-machine.ts'
import type {MachineContext} from '../machine-context.ts'
import {sendOrder, type Order} from './orders.ts'
import {removeSession, withoutHost} from '../reconcile/session-files.ts'

/** How long the other machine may read the log back, ms. */
const takeWithinMs = 60_000
/** How often to try the lock of a session whose host has just ended, and the pause between, ms. */
const maxAttempts = 20
const pauseMs = 100

/**
 * Moves a session of this machine to another one: ends its host, ships the rest of its log, and lets the other machine claim it. If
 * that fails, the session stays here. Throws a `FleetError`, or the errors of the log.
 */
export async function handOver(context: MachineContext, session: HeldSession, to: string): Promise<void> {
  const {home, hosts, report, signal} = context
  const {sessionId} = session
  let hadHost = false
  try {
    for (let attempt = 1; ; attempt++) {
      // A client that has the session open starts another one.
      hadHost = (await hosts.stop(sessionId)) || hadHost
      const done = await withoutHost(home, sessionId, () => handOverLog(context, session, to))
      if (done !== 'busy') break
      if (attempt === maxAttempts) throw new FleetError('failed', `The host of session ${sessionId} does not end`)
      await delay(pauseMs, undefined, {signal})
    }
  } catch (error) {
    if (hadHost) await hosts.start(sessionId).catch(() => {})
    throw error
  }
  report({kind: 'moved', sessionId, to})
}

async function handOverLog(context: MachineContext, session: HeldSession, to: string): Promise<void> {
  const {fleet, me, instance, home} = context
  const {sessionId, needs} = session
  const holder = await readHolder(fleet, sessionId)
  if (holder?.machine !== me) throw new FleetError('fenced', `Session ${sessionId} is on ${holder?.machine}`)
  const result = await claimSession(fleet, sessionId, {machine: me, instance, replaces: holder.epoch, needs})
  if (result.kind === 'lost') throw new FleetError('fenced', `${result.machine} has claimed session ${sessionId}`)
  const {log: file} = sessionPaths(home, sessionId)
  if (hasLog(file)) await shipAll(context, result.claim, file)
  // Its host died before it had an event: there is nothing to move.
  else if (result.claim.through === 0) return closeClaim(fleet, result.claim)
  const {epoch} = result.claim
  const order: Order = {kind: 'take', sessionId, machine: me, epoch, needs: [...needs]}
  try {
    const answer = await sendOrder(fleet, to, order, {timeoutMs: takeWithinMs})
    if (answer.kind === 'refused') throw new FleetError('failed', answer.message)
  } catch (error) {
    // It may have claimed the session nevertheless.
    if ((await readHolder(fleet, sessionId))?.machine !== to) throw error
  }
  // The cluster has all of it.
  removeSession(home, sessionId)
}
