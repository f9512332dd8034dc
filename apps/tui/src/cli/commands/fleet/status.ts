import {
  isFleetError,
  listHeldSessions,
  openMachineLeases,
  planTakeOver,
  sendOrder,
  type Fleet,
  type HeldSession,
  type MachineStatus,
} from '@holdfast/fleet'

import type {FleetChoice} from '../../../fleet/fleet-choice.ts'
import type {Answer} from '../../answering.ts'
import {describeStatus, type FleetStatus} from './describe-status.ts'
import {withFleet} from './with-fleet.ts'

/** How long a machine may take to say what it has, ms. */
const answerMs = 3000

export async function showStatus(choice: FleetChoice | undefined): Promise<Answer> {
  return await withFleet(choice, async (fleet) => describeStatus(await readStatus(fleet)))
}

async function readStatus(fleet: Fleet): Promise<FleetStatus> {
  const leases = await openMachineLeases(fleet)
  const held: HeldSession[] = []
  for (let shard = 0; shard < fleet.shards; shard++) held.push(...(await listHeldSessions(fleet, shard)))
  const machines = await leases.list({known: held.map(({machine}) => machine)})
  machines.sort((a, b) => (a.name < b.name ? -1 : 1))
  const answers = await Promise.all(machines.map(async ({name}) => [name, await askStatus(fleet, name)] as const))
  return {
    fleet,
    machines,
    answers: new Map(answers),
    open: held.filter(({state}) => state === 'open'),
    stranded: planTakeOver(held, machines, '').stranded,
    leaseMs: leases.leaseMs,
  }
}

async function askStatus(fleet: Fleet, machine: string): Promise<MachineStatus | undefined> {
  try {
    const answer = await sendOrder(fleet, machine, {kind: 'status'}, {timeoutMs: answerMs})
    return answer.kind === 'status' ? answer : undefined
  } catch (error) {
    if (isFleetError(error)) return undefined
    throw error
  }
}
