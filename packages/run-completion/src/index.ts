export {hookShell, isHookedShellName} from './hook-shell.ts'
export type {HookedShell, HookedShellName, HookOptions, Keystrokes, LineOptions} from './hooked-shell.ts'
export {bashHook} from './bash-hook.ts'
export {createNonce} from './nonce.ts'
export {encodeInterrupt, encodeLine, findUntypable} from './encode-line.ts'
export {createRunTracker, type RunFact, type RunTracker, type RunTrackerOptions} from './run-tracker.ts'
export {
  RunCompletionCoordinator,
  type RegisteredRun,
  type RunCompletion,
  type RunCompletionAppender,
} from './run-completion-coordinator.ts'
export type {WaitedRunOutcome, WaitOptions} from './waited-run.ts'
