import {setTimeout as delay} from 'node:timers/promises'

import {isFleetError, openMachineLeases, sendOrder, type DrainProgress, type Fleet} from '@holdfast/fleet'

import type {FleetChoice} from '../../../fleet/fleet-choice.ts'
import {printLines} from '../../../process/standard-output.ts'
import {UserError} from '../../../process/user-error.ts'
import {withFleet} from './with-fleet.ts'

/** The pause between two looks, ms. */
const everyMs = 500

/** Moves the sessions of a machine away, and says how far that is. It goes on without this process. */
export async function drainMachine(
  machine: string,
  {now, fleet: choice}: {now: boolean; fleet: FleetChoice | undefined},
): Promise<void> {
  await withFleet(choice, async (fleet) => {
    let before = ''
    for (;;) {
      const answer = await ask(fleet, machine, now)
      if (answer !== undefined) {
        const line = describeProgress(machine, answer)
        if (line !== before) await printLines([line])
        before = line
        if (answer.left === 0) return
        if (answer.busy.length === 0 && answer.left === answer.stranded.length) throw strandedError(answer)
      }
      await delay(everyMs)
    }
  })
}

/** `undefined`: ask again. */
async function ask(fleet: Fleet, machine: string, now: boolean): Promise<DrainProgress | undefined> {
  try {
    const answer = await sendOrder(fleet, machine, {kind: 'drain', now})
    if (answer.kind === 'refused') throw new UserError(answer.message)
    return answer.kind === 'draining' ? answer : undefined
  } catch (error) {
    if (!isFleetError(error) || error.code !== 'unreachable') throw error
    const machines = await (await openMachineLeases(fleet)).list()
    // It may have started again: then it is told again.
    if (machines.some(({name}) => name === machine)) return undefined
    const names =
      machines
        .map(({name}) => name)
        .sort()
        .join(', ') || 'none'
    throw new UserError(`${machine} is not in the fleet now; its machines are: ${names}`, {cause: error})
  }
}

/** One line. Pure. */
export function describeProgress(machine: string, {left, busy, stranded}: DrainProgress): string {
  if (left === 0) return `All sessions of ${machine} have moved: it can be stopped`
  const waits = busy.length === 0 ? '' : `; waiting for the running prompts of ${busy.join(', ')}`
  const stays =
    stranded.length === 0 ? '' : `; no other machine can hold ${stranded.map(({sessionId}) => sessionId).join(', ')}`
  return `${left} ${left === 1 ? 'session' : 'sessions'} left${waits}${stays}`
}

function strandedError({stranded}: DrainProgress): UserError {
  const list = stranded
    .map(({sessionId, needs}) => `${sessionId} (needs ${needs.join(', ') || 'a machine'})`)
    .join(', ')
  return new UserError(`no other machine can hold ${list}: start one that can, or close the session`)
}
