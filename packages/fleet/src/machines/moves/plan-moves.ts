import {chooseMachine, type HeldSession, type Machine} from '../choose-machine.ts'

export interface Move {
  session: HeldSession
  to: string
}

export interface MovePlan {
  /** The sessions to move now. */
  moves: readonly Move[]
  /** Sessions with a running prompt, which is waited for. */
  busy: readonly HeldSession[]
  /** Sessions that no other machine can hold. */
  stranded: readonly HeldSession[]
}

/** What to do about the sessions of a machine that is drained. `now`: running prompts are interrupted. */
export function planMoves(
  sessions: readonly HeldSession[],
  {me, machines, busy, now}: {me: string; machines: readonly Machine[]; busy: ReadonlySet<string>; now: boolean},
): MovePlan {
  const others = machines.filter(({name}) => name !== me)
  const moves: Move[] = []
  const waiting: HeldSession[] = []
  const stranded: HeldSession[] = []
  for (const session of sessions) {
    if (session.machine !== me || session.state !== 'open') continue
    const chosen = chooseMachine(session, others)
    if (chosen === undefined) stranded.push(session)
    else if (busy.has(session.sessionId) && !now) waiting.push(session)
    else moves.push({session, to: chosen.name})
  }
  return {moves, busy: waiting, stranded}
}

/** Why a session cannot move to a machine; `undefined` if it can. */
export function whyNotTo(
  {needs, machine: from}: Pick<HeldSession, 'needs' | 'machine'>,
  to: string,
  machines: readonly Machine[],
): string | undefined {
  const target = machines.find(({name}) => name === to)
  if (from === to) return `it is on ${to}`
  if (target === undefined)
    return `${to} is not in the fleet now; its machines are: ${machines
      .map(({name}) => name)
      .sort()
      .join(', ')}`
  if (!target.accepts) return `${to} is drained`
  const missing = needs.filter((need) => !target.labels.includes(need))
  return missing.length === 0 ? undefined : `${to} does not have ${missing.join(', ')}`
}
