export {startShell, type ShellOptions} from './start-shell.ts'
export type {RunOptions, RunOutcome, Shell, ShellExit, Size} from './shell.ts'
export {ShellError} from './shell-error.ts'
export {findShell} from './find-shell.ts'
