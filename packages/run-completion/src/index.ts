export {
  RunCompletionCoordinator,
  type RegisteredRun,
  type RunCompletion,
  type RunCompletionAppender,
} from './sentinel/run-completion-coordinator.ts'
export {createPromptRemover, type PromptRemover} from './sentinel/prompt-remover.ts'
export type {WaitedRunOutcome, WaitOptions} from './sentinel/waited-run.ts'
export {createNonce, markerPrefix} from './markers/marker.ts'
export type {RunEvent} from './markers/run-event.ts'
export {createRunTracker, type RunTracker, type RunTrackerOptions} from './markers/run-tracker.ts'
