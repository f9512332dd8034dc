import type {FleetError} from '../fleet-error.ts'
import type {Fleet} from '../stream/fleet.ts'

/** The hosts of the sessions on a machine. */
export interface SessionHosts {
  /** Starts the host of a session, unless it runs. */
  start(sessionId: string): Promise<void>
  /** Ends the host of a session. Resolves once it has ended, with whether there was one. */
  stop(sessionId: string): Promise<boolean>
  /** Tells the host of a session, if there is one, to look whether another machine has claimed it. */
  check(sessionId: string): void
  /** Whether a prompt is running. */
  isBusy(sessionId: string): Promise<boolean>
}

/** What happened on a machine of a fleet. */
export type MachineReport =
  /** It has its lease. */
  | {kind: 'joined'; name: string}
  /** Its lease has run out: others may take its sessions over. */
  | {kind: 'lease-lost'}
  /** The cluster does not answer. */
  | {kind: 'cluster-away'; error: FleetError}
  | {kind: 'cluster-back'}
  /** The lease of another machine cannot be read: a newer version may have written it. The machine counts as one that lives. */
  | {kind: 'lease-unreadable'; machine: string; error: FleetError}
  /** It has claimed a session, and read its log back. */
  | {kind: 'took-over'; sessionId: string; from: string; epoch: number; through: number}
  /** It tries again later, and leaves the session as it is until then. */
  | {kind: 'session-failed'; sessionId: string; error: unknown}
  /** No machine can hold the session, or the cluster has no event of it. */
  | {kind: 'stranded'; sessionId: string; machine: string; needs: readonly string[]; isEmpty: boolean}
  /** Another machine has taken a session over before the events from `first` to `last` were shipped: they are in `file`. */
  | {kind: 'set-aside'; sessionId: string; machine: string; first: number; last: number; file: string}
  /** A log was removed: another machine goes on with it (`machine`), or the session was deleted. */
  | {kind: 'removed'; sessionId: string; machine: string | undefined}
  | {kind: 'moved'; sessionId: string; to: string}
  | {kind: 'drained'}

/** What the parts of a machine share. */
export interface MachineContext {
  fleet: Fleet
  /** The name of the machine. */
  me: string
  /** This process. */
  instance: string
  /** The folder of its sessions. */
  home: string
  hosts: SessionHosts
  report: (report: MachineReport) => void
  /** How long to read one log back, ms. */
  restoreMs: number
  signal: AbortSignal
}
