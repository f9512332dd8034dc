import {chooseMachine, type Machine} from '@holdfast/fleet'

import {describeNeeds} from './plan-wait.ts'

export interface PlaceFacts {
  sessionId: string
  /** The labels that its machine must have. */
  needs: readonly string[]
  /** The name of this machine, if it is a member of the fleet. */
  me: string | undefined
  /** The machines that have a lease. */
  machines: readonly Machine[]
}

export type Place = {kind: 'here'} | {kind: 'machine'; machine: string} | {kind: 'none'; message: string}

/** Where to create a session: on this machine if it may hold it, for the user is here. Pure. */
export function placeSession({sessionId, needs, me, machines}: PlaceFacts): Place {
  const mine = machines.filter(({name}) => name === me)
  if (chooseMachine({sessionId, needs}, mine) !== undefined) return {kind: 'here'}
  const chosen = chooseMachine({sessionId, needs}, machines)
  if (chosen !== undefined) return {kind: 'machine', machine: chosen.name}
  const message =
    machines.length === 0
      ? 'The fleet has no machine now: start `holdfast serve --fleet` on one'
      : `No machine of the fleet takes this session: it needs ${describeNeeds(needs)}`
  return {kind: 'none', message}
}

/** The labels that the machine of a new session must have. */
export function needsOf({agent}: {agent?: string | undefined}): readonly string[] {
  return agent === undefined ? [] : [`agent:${agent}`]
}
