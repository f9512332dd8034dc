export {supervise} from './supervise/supervise.ts'
export {graces} from './shutdown/graces.ts'
export {isRecoveryError, RecoveryError} from './supervise/recovery-error.ts'
export type {Instance, Supervisor, SupervisorOptions, SupervisorStatus} from './supervise/supervisor-options.ts'
