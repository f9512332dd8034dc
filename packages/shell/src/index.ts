export {startShell, type ShellOptions} from './start-shell.ts'
export type {CompletionStrategy, RunOptions, RunOutcome, Shell, ShellExit, Size} from './shell.ts'
export {ShellError} from './shell-error.ts'
export {findShell, strategyOf} from './find-shell.ts'
