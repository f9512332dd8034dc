export {adoptProcess, type AdoptedProcess, type AdoptOptions} from './child/adopt-process.ts'
export {awaitReady, type AwaitReadyOptions} from './child/await-ready.ts'
export type {Child, ChildExit, ChildOptions, StopOptions} from './child/child.ts'
export {runInTerminal, type TerminalProgramExit} from './child/run-in-terminal.ts'
export {startChild} from './child/start-child.ts'
export {isStartError, StartError} from './child/start-error.ts'
export {watchHeartbeat, type HeartbeatOptions} from './child/watch-heartbeat.ts'
export {readMemory, type MemoryFacts} from './memory/memory-facts.ts'
export {createMemoryMonitor, type MemoryMonitor, type MemoryMonitorOptions} from './memory/memory-monitor.ts'
export {closeInheritedDescriptors} from './process/close-inherited-descriptors.ts'
export {readPidFiles, writePidFile, type PidFile} from './process/pid-files.ts'
export {
  identifyProcess,
  processState,
  readBootId,
  type ProcessIdentity,
  type ProcessState,
} from './process/process-identity.ts'
export {recordProcess, type RecordedProcess, type RecordProcessOptions} from './process/record-process.ts'
export {refuseDebugger} from './process/refuse-debugger.ts'
export {handleShutdown, type Shutdown, type ShutdownCause, type ShutdownOptions} from './shutdown/handle-shutdown.ts'
export {graces} from './shutdown/graces.ts'
export {onSignals} from './shutdown/on-signals.ts'
export {recordSignals} from './shutdown/record-signals.ts'
export {recordRecovery} from './supervise/record-recovery.ts'
export {isRecoveryError, RecoveryError} from './supervise/recovery-error.ts'
