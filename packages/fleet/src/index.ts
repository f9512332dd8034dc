export {claimSession, type ClaimOptions} from './claim/claim-session.ts'
export {closeClaim} from './claim/close-claim.ts'
export {readHolder, type Holder} from './claim/current-claim.ts'
export {deleteSession} from './claim/delete-session.ts'
export type {Claim, ClaimResult} from './claim/plan-claim.ts'
export {watchClaims} from './claim/watch-claims.ts'
export {readTakeOver, readTakeOverFrom, type TakeOver} from './claim/read-take-over.ts'
export {connectFleet, type ConnectFleetOptions} from './connect/connect-fleet.ts'
export type {FleetAddress} from './connect/fleet-address.ts'
export {listenFleet, type FleetListener, type ListenFleetOptions} from './connect/listen-fleet.ts'
export {FleetError, isFleetError} from './fleet-error.ts'
export {
  startShipper,
  type ReadableLog,
  type Shipper,
  type ShipperOptions,
  type ShipperState,
} from './ship/start-shipper.ts'
export type {Fleet, FleetOptions, FleetPromise} from './stream/fleet.ts'
export type {SessionState} from './stream/envelope.ts'
export {openFleet} from './stream/open-fleet.ts'
export {
  chooseMachine,
  planTakeOver,
  type HeldSession,
  type Machine,
  type TakeOverPlan,
} from './machines/choose-machine.ts'
export {listHeldSessions, type ListedSession} from './machines/list-held-sessions.ts'
export {openMachineLeases, type LeaseOptions, type MachineLease, type MachineLeases} from './machines/machine-leases.ts'
export type {MachineReport, SessionHosts} from './machines/machine-context.ts'
export {sendOrder, type Answer, type DrainProgress, type MachineStatus, type Order} from './machines/moves/orders.ts'
export {startMachine, type MachineOptions, type RunningMachine} from './machines/start-machine.ts'
export {listUnshipped, openUnshipped, type UnshippedLog} from './machines/reconcile/unshipped-logs.ts'
export {planLease, type LeaseFacts} from './machines/plan-lease.ts'
export {applyRetention, type RetentionOptions} from './retention/apply-retention.ts'
export {archiveSession, type ArchiveOptions} from './retention/archive-session.ts'
export {planRetention, type RetentionRules} from './retention/plan-retention.ts'
export {copyLog} from './read/copy-log.ts'
export {readSession, type ReadOptions} from './read/read-session.ts'
export {restoreLog, type RestoreOptions} from './read/restore-log.ts'
