export {claimSession, readHolder, type ClaimOptions, type Holder} from './claim/claim-session.ts'
export type {Claim, ClaimResult} from './claim/plan-claim.ts'
export {readTakeOver, readTakeOverFrom, type TakeOver} from './claim/read-take-over.ts'
export {FleetError, isFleetError} from './fleet-error.ts'
export {
  startShipper,
  type ReadableLog,
  type Shipper,
  type ShipperOptions,
  type ShipperState,
} from './ship/start-shipper.ts'
export type {Fleet, FleetOptions} from './stream/fleet.ts'
export {openFleet} from './stream/open-fleet.ts'
export {
  chooseMachine,
  planTakeOver,
  type HeldSession,
  type Machine,
  type TakeOverPlan,
} from './machines/choose-machine.ts'
export {listHeldSessions} from './machines/list-held-sessions.ts'
export {openMachineLeases, type LeaseOptions, type MachineLease, type MachineLeases} from './machines/machine-leases.ts'
export {planLease, type LeaseFacts} from './machines/plan-lease.ts'
export {readSession, type ReadOptions} from './read/read-session.ts'
export {restoreLog, type RestoreOptions} from './read/restore-log.ts'
