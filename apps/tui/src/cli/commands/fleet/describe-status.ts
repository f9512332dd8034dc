import type {Fleet, HeldSession, Machine, MachineStatus} from '@holdfast/fleet'

import type {Answer} from '../../answering.ts'
import {toTable} from '../to-table.ts'

export interface FleetStatus {
  fleet: Pick<Fleet, 'name' | 'promise' | 'shards'>
  machines: readonly Machine[]
  /** What they say of themselves; `undefined` for one that does not answer. */
  answers: ReadonlyMap<string, MachineStatus | undefined>
  /** All sessions that are open. */
  open: readonly HeldSession[]
  /** Those whose machine is gone, and that no machine can hold. */
  stranded: readonly HeldSession[]
  leaseMs: number
}

/** What `fleet status` prints. Pure. */
export function describeStatus(status: FleetStatus): Answer {
  return {result: toResult(status), lines: toLines(status)}
}

function countOf({open}: FleetStatus, machine: string): number {
  return open.filter((session) => session.machine === machine).length
}

/** The machines that hold open sessions, and have no lease. */
function missingOf({open, machines}: FleetStatus): string[] {
  const living = new Set(machines.map(({name}) => name))
  return [...new Set(open.map(({machine}) => machine))].filter((name) => !living.has(name)).sort()
}

function toResult(status: FleetStatus): Answer['result'] {
  const {fleet, machines, answers, open, stranded, leaseMs} = status
  return {
    fleet: fleet.name,
    promise: fleet.promise,
    shards: fleet.shards,
    lease_ms: leaseMs,
    sessions: open.length,
    machines: machines.map(({name, accepts, labels}) => {
      const answer = answers.get(name)
      return {
        name,
        state: stateOf({accepts, answers: answer !== undefined}),
        sessions: countOf(status, name),
        labels,
        unshipped: answer?.unshipped.map(({sessionId, first, last}) => ({session_id: sessionId, first, last})) ?? null,
        failed: answer?.failed.map(({sessionId, message}) => ({session_id: sessionId, message})) ?? null,
      }
    }),
    gone: missingOf(status).map((name) => ({name, sessions: countOf(status, name)})),
    stranded: stranded.map(({sessionId, machine, needs}) => ({session_id: sessionId, machine, needs})),
  }
}

function toLines(status: FleetStatus): string[] {
  const {fleet, machines, answers, open, stranded, leaseMs} = status
  const rows = machines.map(({name, accepts, labels}) => [
    name,
    stateOf({accepts, answers: answers.get(name) !== undefined}),
    String(countOf(status, name)),
    labels.join(' '),
  ])
  const gone = missingOf(status).map((name) => [name, 'gone', String(countOf(status, name)), ''])
  const all = [...rows, ...gone]
  return [
    `Fleet ${fleet.name}: ${count(machines.length, 'machine')}, ${count(open.length, 'open session')}, promise ${fleet.promise}, ${count(fleet.shards, 'stream')}, lease ${leaseMs / 1000} s`,
    ...(all.length === 0 ? [] : toTable([['MACHINE', 'STATE', 'SESSIONS', 'LABELS'], ...all])),
    ...stranded.map(({sessionId, machine, needs}) => `Session ${sessionId} of ${machine} waits: no machine has ${needs.join(', ') || 'room for it'}`), // prettier-ignore
    ...machines.flatMap(({name}) => {
      const {unshipped = [], failed = []} = answers.get(name) ?? {}
      return [
        ...unshipped.map(({sessionId, first, last}) => `${name} has events of session ${sessionId} that were not sent: ${first === last ? first : `${first} to ${last}`}`), // prettier-ignore
        ...failed.map(({sessionId, message}) => `${name} tries again with session ${sessionId}: ${message}`),
      ]
    }),
  ]
}

function stateOf({accepts, answers}: {accepts: boolean; answers: boolean}): string {
  if (!answers) return 'silent'
  return accepts ? 'ready' : 'drained'
}

function count(value: number, noun: string): string {
  return `${value} ${noun}${value === 1 ? '' : 's'}`
}
