export {bashHook} from './bash-hook.ts'
export {createNonce} from './nonce.ts'
export {encodeInterrupt, encodeLine, findUntypable} from './encode-line.ts'
export {createRunTracker, type RunFact, type RunTracker} from './run-tracker.ts'
export {
  RunCompletionCoordinator,
  type RegisteredRun,
  type RunCompletion,
  type RunCompletionAppender,
} from './run-completion-coordinator.ts'
export type {WaitedRunOutcome, WaitOptions} from './waited-run.ts'
