import {setTimeout as delay} from 'node:timers/promises'

import {readHolder, sendOrder, type Fleet} from '@holdfast/fleet'

import type {FleetChoice} from '../../../fleet/fleet-choice.ts'
import {printError} from '../../../process/print-error.ts'
import {UserError} from '../../../process/user-error.ts'
import {expectSessionId} from '../../../sessions/session-id.ts'
import type {Answer} from '../../answering.ts'
import {withFleet} from './with-fleet.ts'

/** The pause between two attempts, ms. */
const everyMs = 500
/** How long a machine may take to move a session: the other one reads its log back, ms. */
const moveMs = 90_000

/** Moves a session to a machine, when no prompt runs in it. */
export async function moveSession(
  id: string,
  to: string,
  {now, fleet: choice}: {now: boolean; fleet: FleetChoice | undefined},
): Promise<Answer> {
  const sessionId = expectSessionId(id)
  const from = await withFleet(choice, (fleet) => move(fleet, {sessionId, to, now}))
  const line = from === to ? `Session ${sessionId} is on ${to}` : `Session ${sessionId} has moved from ${from} to ${to}`
  return {result: {session_id: sessionId, machine: to, from}, lines: [line]}
}

async function move(
  fleet: Fleet,
  {sessionId, to, now}: {sessionId: string; to: string; now: boolean},
): Promise<string> {
  let isWaiting = false
  const first = await findMachine(fleet, sessionId)
  for (let from = first; from !== to; from = await findMachine(fleet, sessionId)) {
    const answer = await sendOrder(fleet, from, {kind: 'move', sessionId, to, now}, {timeoutMs: moveMs})
    if (answer.kind === 'refused') throw new UserError(answer.message)
    if (answer.kind === 'moved') break
    if (!isWaiting) printError(`a prompt is running in session ${sessionId}: waiting for it; --now interrupts it`)
    isWaiting = true
    await delay(everyMs)
  }
  return first
}

async function findMachine(fleet: Fleet, sessionId: string): Promise<string> {
  const holder = await readHolder(fleet, sessionId)
  if (holder === undefined || holder.state === 'deleted') {
    throw new UserError(`there is no session ${sessionId} in the fleet`, {code: 'session_not_found'})
  }
  if (holder.state === 'closed') throw new UserError(`session ${sessionId} is closed`, {code: 'session_closed'})
  return holder.machine
}
