import type {KnownClaim} from '@holdfast/event-log'

/** Who holds a session, as the cluster says. */
export interface SessionHolder {
  machine: string
  epoch: number
  state: 'open' | 'closed' | 'deleted'
}

export interface StartFacts {
  machine: string
  /** The name of the fleet. */
  fleet: string
  /** Whether this machine has a log of the session with an event. */
  hasLog: boolean
  /** `away`: the cluster does not say. */
  holder: SessionHolder | undefined | 'away'
  /** The last claim of this machine. */
  known: KnownClaim | undefined
}

export type StartPlan =
  /** Claim the session, with the epoch that this replaces. */
  | {kind: 'claim'; replaces: number}
  /** Nobody has the session: claim it when it is created. */
  | {kind: 'create'}
  /** Run without the cluster, which had all events up to `through`, and claim the session when it is back. */
  | {kind: 'run-without'; promise: KnownClaim['promise']; through: number}
  /** Only the cluster knows whether this machine may run the session. */
  | {kind: 'needs-cluster'}
  | {kind: 'held'; machine: string}
  | {kind: 'deleted'}

/** What a host does when it starts. It takes no session over from another machine. */
export function planStart({machine, fleet, hasLog, holder, known}: StartFacts): StartPlan {
  if (holder === 'away') {
    if (!hasLog) return {kind: 'create'}
    const wasMine = known !== undefined && known.machine === machine && known.fleet === fleet
    return wasMine ? {kind: 'run-without', promise: known.promise, through: known.through} : {kind: 'needs-cluster'}
  }
  if (holder === undefined) return hasLog ? {kind: 'claim', replaces: 0} : {kind: 'create'}
  if (holder.state === 'deleted') return {kind: 'deleted'}
  if (holder.machine !== machine) return {kind: 'held', machine: holder.machine}
  return {kind: 'claim', replaces: holder.epoch}
}
