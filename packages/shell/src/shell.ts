import type {Activity} from './activity.ts'

export interface Size {
  cols: number
  rows: number
}

export interface RunOptions {
  /** What the command prints, in order, as the terminal gives it (`\r\n` at line ends), all of it before the outcome. */
  onOutput?(data: Uint8Array): void
  /** The command was typed, and begins to run. */
  onStart?(): void
}

export type RunOutcome =
  /** The shell is at its next prompt, in the folder `cwd`. The status is that of the last command. */
  | {kind: 'completed'; exitCode: number; cwd: string}
  /** The shell wanted more: an open quote, an unfinished here-document. The line was cancelled. */
  | {kind: 'incomplete-input'}
  /**
   * The shell waits for a command again, as far as can be seen, but says nothing of how this one ended: its user has taken
   * our hooks away.
   */
  | {kind: 'exit-status-unknown'}
  /** The shell itself ended: `exit 3`, `exec`, a signal. */
  | ({kind: 'exited'} & ShellExit)

/** Either an exit code or the name of a signal. */
export interface ShellExit {
  exitCode: number | undefined
  signal: string | undefined
}

export type CompletionStrategy = 'hooks' | 'sentinel'

export interface Shell {
  readonly pid: number
  readonly path: string
  /** How the end of a run is known: the shell says so itself, or it is made to by what is typed behind each command. */
  readonly strategy: CompletionStrategy
  /** The shell's folder after the last run. */
  readonly cwd: string
  /**
   * Runs one command, which may have many lines. One at a time: rejects with `busy` while another runs, with `closed` when
   * the shell has ended, with `untypable` for what no terminal lets through. What `onOutput` or `onStart` throw is what
   * the promise rejects with, when the command is over.
   */
  run(command: string, options?: RunOptions): Promise<RunOutcome>
  /** Bytes for the running program. Dropped if there is none. Throws `input-overflow` if it leaves 1 MiB unread. */
  input(data: Uint8Array | string): void
  /** Ctrl-C for the running program; of a command with many lines, the next ones are not run. */
  interrupt(): void
  resize(size: Size): void
  /** Whether a real terminal answers what programs ask of their terminal, so that the shell's own answers are not wanted. */
  holdAnswers(isHeld: boolean): void
  /**
   * Tells what is printed between two runs: by what runs in the background, or by the shell about it; not its prompt. One
   * listener, the last. What is printed while the shell draws its prompt, some milliseconds, may be lost.
   */
  onBackgroundOutput(listener: (data: Uint8Array) => void): void
  /** Tells what a command that runs seems to be doing, when that changes; it begins as `running`. One listener, the last. */
  onActivity(listener: (activity: Activity) => void): void
  /** Stops reading the terminal, so that a program that prints has to wait. */
  pause(): void
  resume(): void
  /** The shell has ended, and all output was handed on (after `resume`, if it is paused). */
  readonly closed: Promise<ShellExit>
  /** Hangs up, as closing a terminal does; after 500 ms the shell is killed. Resolves when it is gone. */
  close(): Promise<void>
}
