import type {SessionState} from '../stream/envelope.ts'
import {hash} from '../stream/hash.ts'

/** A machine whose lease has not run out. */
export interface Machine {
  name: string
  /** Its process: a machine that starts again gets another one. */
  instance: string
  /** What it has, such as `agent:claude` or `folder:/srv/app`. */
  labels: readonly string[]
  /** Whether it takes sessions over; `false` while it is drained. */
  accepts: boolean
}

/** A session, as its last claim shows it. */
export interface HeldSession {
  sessionId: string
  machine: string
  epoch: number
  /** The labels that a machine needs to hold it. */
  needs: readonly string[]
  state: SessionState
}

/**
 * The machine that takes a session over, of those that have all it needs; `undefined` if there is none. Every machine that sees
 * the same machines chooses the same one. A machine that leaves moves only the sessions that it had, to all others evenly.
 */
export function chooseMachine(
  {sessionId, needs}: Pick<HeldSession, 'sessionId' | 'needs'>,
  machines: readonly Machine[],
): Machine | undefined {
  const ranked = machines
    .filter(({accepts, labels}) => accepts && needs.every((need) => labels.includes(need)))
    .map((machine) => ({machine, rank: hash(`${sessionId} ${machine.name}`)}))
  // Names decide between equal ranks, so that the order of the list never does.
  ranked.sort((a, b) => b.rank - a.rank || (a.machine.name < b.machine.name ? -1 : 1))
  return ranked[0]?.machine
}

export interface TakeOverPlan {
  /** The sessions to claim. */
  take: readonly HeldSession[]
  /** The sessions whose machine is gone, and that no machine can hold. */
  stranded: readonly HeldSession[]
}

/** What the machine `me` has to do about sessions, with the machines that have a lease now. */
export function planTakeOver(sessions: readonly HeldSession[], machines: readonly Machine[], me: string): TakeOverPlan {
  const living = new Set(machines.map(({name}) => name))
  const take: HeldSession[] = []
  const stranded: HeldSession[] = []
  for (const session of sessions) {
    if (session.state !== 'open' || living.has(session.machine)) continue
    const chosen = chooseMachine(session, machines)
    if (chosen === undefined) stranded.push(session)
    else if (chosen.name === me) take.push(session)
  }
  return {take, stranded}
}
