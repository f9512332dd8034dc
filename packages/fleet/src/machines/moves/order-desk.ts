import {readHolder} from '../../claim/current-claim.ts'
import type {HeldSession, Machine} from '../choose-machine.ts'
import type {Drain} from './drain.ts'
import {handOver} from './hand-over.ts'
import type {MachineContext} from '../machine-context.ts'
import {maxListed, type Answer, type Order} from './orders.ts'
import {whyNotTo} from './plan-moves.ts'
import type {SessionFaults} from '../take-over/session-faults.ts'
import {takeAndStart} from '../take-over/sweep.ts'
import {listUnshipped, openUnshipped, type UnshippedLog} from '../reconcile/unshipped-logs.ts'

export interface OrderDeskOptions {
  labels: readonly string[]
  faults: SessionFaults
  drain: Drain
  isDraining: () => boolean
  beginDrain: (now: boolean) => Promise<void>
  listMachines: () => Promise<readonly Machine[]>
}

/** Carries out what this machine is asked to do. */
export function createOrderDesk(context: MachineContext, options: OrderDeskOptions): (order: Order) => Promise<Answer> {
  const {fleet, me, home, hosts} = context
  const {labels, faults, drain, isDraining, beginDrain, listMachines} = options

  const move = async ({sessionId, to, now}: Extract<Order, {kind: 'move'}>): Promise<Answer> => {
    const holder = await readHolder(fleet, sessionId)
    if (holder?.machine === to) return {kind: 'moved'}
    if (holder?.machine !== me) return refuse(`session ${sessionId} is not on ${me}`)
    const session: HeldSession = {sessionId, ...holder}
    const why = whyNotTo(session, to, await listMachines())
    if (why !== undefined) return refuse(`session ${sessionId} cannot move to ${to}: ${why}`)
    if (!now && (await hosts.isBusy(sessionId))) return {kind: 'busy'}
    await handOver(context, session, to)
    return {kind: 'moved'}
  }

  const take = async (order: Extract<Order, {kind: 'take'}>): Promise<Answer> => {
    const {sessionId, machine, epoch, needs} = order
    if (isDraining()) return refuse(`machine ${me} is drained`)
    const missing = needs.filter((need) => !labels.includes(need))
    if (missing.length > 0) return refuse(`machine ${me} does not have ${missing.join(', ')}`)
    const isSettled = await takeAndStart(context, {sessionId, machine, epoch, needs, state: 'open'}, 'moved')
    if (isSettled && (await readHolder(fleet, sessionId))?.machine === me) return {kind: 'moved'}
    return refuse(`machine ${me} could not take session ${sessionId}`)
  }

  return async (order) => {
    switch (order.kind) {
      case 'status':
        return {kind: 'status', unshipped: summarizeUnshipped(home), failed: faults.list()}
      case 'drain':
        await beginDrain(order.now)
        return drain.progress ?? {kind: 'busy'}
      case 'move':
        return await move(order)
      case 'take':
        return await take(order)
    }
  }
}

function refuse(message: string): Answer {
  return {kind: 'refused', message}
}

function summarizeUnshipped(home: string): Extract<Answer, {kind: 'status'}>['unshipped'] {
  return listUnshipped(home)
    .slice(0, maxListed)
    .map((unshipped) => ({
      sessionId: unshipped.sessionId,
      first: unshipped.through + 1,
      last: readLast(unshipped),
    }))
}

function readLast(unshipped: UnshippedLog): number {
  try {
    const log = openUnshipped(unshipped)
    try {
      return log.latestSeq
    } finally {
      log.close()
    }
  } catch {
    // A log that cannot be read must not keep the machine from its answer. One event at least was not sent.
    return unshipped.through + 1
  }
}
