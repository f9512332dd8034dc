export {findProgram, type FindProgramOptions} from './start/find-program.ts'
export {openProgram, type OpenedProgram, type OpenProgramOptions} from './start/open-program.ts'
export {startProgram, type Program, type ProgramOptions} from './start/start-program.ts'
export {startShell, type ShellOptions} from './start/start-shell.ts'
export {readEnvironment, readName, readProcesses} from './close/process-table.ts'
export {findPrograms} from './close/find-programs.ts'
export type {CloseOptions} from './close/end-programs.ts'
export type {Activity} from './activity/activity-watch.ts'
export type {ProgramInput, Reading} from './activity/decide-input.ts'
export type {Candidate, Completions} from './complete/completions.ts'
export type {
  CompletionStrategy,
  EnteredLines,
  HistoryFile,
  InputCondition,
  InputObstacle,
  RunOptions,
  RunOutcome,
  Shell,
  ShellExit,
  Size,
} from './shell.ts'
export {openCommandStdin, type CommandStdin} from './run/command-stdin.ts'
export {preloadPty} from './pty/native-pty.ts'
export {isShellError, ShellError} from './shell-error.ts'
export {planSyntaxCheck, type SyntaxProbe} from './syntax/plan-syntax-check.ts'
export {findShell, strategyOf} from './start/find-shell.ts'
