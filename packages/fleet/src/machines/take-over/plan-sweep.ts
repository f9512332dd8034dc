import {planTakeOver, type HeldSession, type Machine} from '../choose-machine.ts'

export interface SweepFacts {
  me: string
  /** All claimed sessions. */
  sessions: readonly HeldSession[]
  /** The machines with a lease. */
  machines: readonly Machine[]
  /** The sessions that have a log on this machine. */
  logs: ReadonlySet<string>
  /** Whether the sessions of a machine without a lease may be taken over now. */
  isGone: (machine: string) => boolean
}

/** What a machine has to do about the sessions of the fleet. */
export interface SweepPlan {
  /** Sessions of machines that are gone, and that this one has to claim. */
  take: readonly HeldSession[]
  /** Sessions that this machine has claimed, and whose log it has not read back: it was stopped meanwhile. */
  restore: readonly HeldSession[]
  /** Sessions of this machine, with their logs. */
  mine: readonly HeldSession[]
  /** Sessions of machines that are gone, and that no machine can hold. */
  stranded: readonly HeldSession[]
  /** Sessions with a log here that another machine has claimed. */
  lost: readonly HeldSession[]
  /** Sessions with a log here that somebody has deleted. */
  deleted: readonly HeldSession[]
}

export function planSweep({me, sessions, machines, logs, isGone}: SweepFacts): SweepPlan {
  const {take, stranded} = planTakeOver(
    sessions.filter(({machine}) => isGone(machine)),
    machines,
    me,
  )
  const open = sessions.filter(({machine, state}) => state === 'open' && machine === me)
  return {
    take,
    stranded,
    restore: open.filter(({sessionId}) => !logs.has(sessionId)),
    mine: open.filter(({sessionId}) => logs.has(sessionId)),
    lost: sessions.filter(
      ({sessionId, machine, state}) => state !== 'deleted' && machine !== me && logs.has(sessionId),
    ),
    deleted: sessions.filter(({sessionId, state}) => state === 'deleted' && logs.has(sessionId)),
  }
}

/** When the sessions were listed last, and what was known then. */
export interface LastSweep {
  at: number
  /** The machines that had a lease then. */
  machines: readonly Machine[]
  /** When there is something to do again; `Infinity` if there is not. */
  dueAt: number
}

/** Whether to list the sessions: the list is long, so not each time that the leases are listed. */
export function isSweepDue(
  last: LastSweep | undefined,
  {machines, now, sweepMs}: {machines: readonly Machine[]; now: number; sweepMs: number},
): boolean {
  if (last === undefined || now >= last.dueAt || now - last.at >= sweepMs) return true
  return keyOf(machines) !== keyOf(last.machines)
}

function keyOf(machines: readonly Machine[]): string {
  const keys = machines.map(({name, instance, labels, accepts}) => JSON.stringify([name, instance, accepts, ...labels]))
  return keys.sort().join('\n')
}
