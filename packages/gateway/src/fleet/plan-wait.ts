import {chooseMachine, type Machine} from '@holdfast/fleet'

import type {SessionHolder} from './plan-route.ts'

export interface WaitFacts {
  sessionId: string
  holder: SessionHolder
  /** The name of this machine, if it is a member of the fleet. */
  me?: string | undefined
  /** The machines that have a lease. */
  machines: readonly Machine[]
  leaseMs: number
  /** How long this has waited already, ms. */
  waitedMs: number
  /** A user reads why it takes long. */
  isHeard: boolean
}

/** `message` is for users. */
export interface WaitPlan {
  kind: 'wait' | 'give-up'
  message: string
}

/** How long to wait for somebody who is told nothing meanwhile, ms: less than a client waits for an answer. */
const unheardMs = 25_000

/** How long a machine may take to read a log back and to start a host, ms. */
const takeOverMs = 15_000

/**
 * What to do about a session whose machine does not answer for it: wait as long as a take-over may last, but at most `unheardMs` if no user
 * reads why. If no other machine can hold the session, its own may come back: wait for that only while a user reads why. Pure.
 */
export function planWait({sessionId, holder, me, machines, leaseMs, waitedMs, isHeard}: WaitFacts): WaitPlan {
  const {machine, needs} = holder
  const longestMs = isHeard ? longestWaitMs(leaseMs) : Math.min(longestWaitMs(leaseMs), unheardMs)
  const kind = waitedMs < longestMs ? 'wait' : 'give-up'
  if (machine === me) {
    const message =
      kind === 'wait' ? 'comes to this machine' : 'was claimed by this machine, which has not read its log back'
    return {kind, message: `Session ${sessionId} ${message}`}
  }
  if (machines.some(({name}) => name === machine))
    return {kind, message: `Machine ${machine}, which has session ${sessionId}, does not answer`}
  const away = `Machine ${machine} is not reachable`
  if (chooseMachine({sessionId, needs}, machines) === undefined) {
    const message = `${away}, and no other machine can take session ${sessionId} (it needs ${describeNeeds(needs)})`
    return {kind: isHeard ? kind : 'give-up', message}
  }
  if (kind === 'give-up') return {kind, message: `${away}, and no other machine has taken session ${sessionId} yet`}
  return {kind, message: `${away}; its sessions move to another one within ${Math.ceil(longestMs / 1000)} s`}
}

/** How long to wait for a session, ms: after trouble with the cluster, the machines leave each other one lease more to come back. */
export function longestWaitMs(leaseMs: number): number {
  return 2 * leaseMs + takeOverMs
}

/** What a machine must have, in words. */
export function describeNeeds(needs: readonly string[]): string {
  return needs.length === 0 ? 'one that accepts sessions' : `one with ${needs.join(', ')}`
}
