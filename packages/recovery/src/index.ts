export type {LifeEvent} from './life-event.ts'
export {planRecovery, type RecoveryPlan} from './plan-recovery.ts'
export type {RecoveryOptions} from './recovery-options.ts'
export {trimHistory} from './trim-history.ts'
