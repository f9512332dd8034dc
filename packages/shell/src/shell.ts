import type {CloseOptions} from './close/end-programs.ts'
import type {Activity} from './activity/activity-watch.ts'
import type {Reading} from './activity/decide-input.ts'
import type {Completions} from './complete/completions.ts'

export interface Size {
  cols: number
  rows: number
}

export interface RunOptions {
  /** Receives the command's output in order, as the terminal prints it (`\r\n` at line ends), all of it before the outcome. */
  onOutput?(data: Uint8Array): void
  /** The command has been typed, and begins to run. */
  onStart?(): void
  /** Path of a file that the command reads instead of its terminal, such as `/dev/null`. The shell gets the command as a group. */
  stdin?: string | undefined
  /**
   * For output that no terminal shows: during the command, `PAGER` and `GIT_PAGER` are `cat`, `TERM` is `dumb`, `NO_COLOR` is 1,
   * `LS_COLORS` and `COLORTERM` are empty. Not in a shell with the sentinel. @default false
   */
  isPlain?: boolean | undefined
}

export type RunOutcome =
  /**
   * The shell is at its next prompt, in the folder `cwd`. `exitCode` belongs to the last command that ran. `lines` is present if
   * not all lines of the command were entered, because of an interrupt or of a line that does not parse.
   */
  | {kind: 'completed'; exitCode: number; cwd: string; lines?: EnteredLines}
  /** The command was unfinished: an open quote, a here-document without its end. The line was cancelled. */
  | {kind: 'incomplete-input'}
  /** The shell seems to wait for a command again, but did not report an end: the command removed or broke the hooks. */
  | {kind: 'exit-status-unknown'}
  /** The shell itself ended: `exit 3`, `exec`, a signal. */
  | ({kind: 'exited'} & ShellExit)

export interface EnteredLines {
  /** How many lines the shell got, from the first; undefined if the terminal may have discarded some. */
  entered: number | undefined
  total: number
}

/** Either an exit code or the name of a signal. */
export interface ShellExit {
  exitCode: number | undefined
  signal: string | undefined
}

/**
 * When bytes may be typed.
 *
 * - `reads`: the program reads its terminal, or waits for events, of which input may be one, and has taken the line that was
 *   typed for it last.
 * - `hidden`: the same, and the terminal does not show what is typed.
 * - `key`: the same, and it reads a key, which the terminal shows.
 */
export type InputCondition = 'reads' | 'hidden' | 'key'

/**
 * Why bytes were not typed.
 *
 * - `not-running`: no program runs, or not yet.
 * - `not-reading`: the program does something else than to read its terminal.
 * - `echo`: it reads a line, and the terminal shows what is typed.
 * - `by-line`: it reads a line, not a key.
 * - `by-key`: it reads key by key, as a line editor does, and may show the keys itself.
 * - `unknown`: this system does not show whether the terminal echoes.
 */
export type InputObstacle = 'not-running' | 'not-reading' | 'echo' | 'by-line' | 'by-key' | 'unknown'

export type CompletionStrategy = 'hooks' | 'sentinel'

/** The file in which a shell keeps its history, a path as the shell has it. */
export interface HistoryFile {
  format: 'bash' | 'zsh' | 'fish'
  path: string
}

export interface Shell {
  readonly pid: number
  readonly path: string
  /** How the end of a command is detected: by the shell's hooks, or by a sentinel line typed after each command. */
  readonly strategy: CompletionStrategy
  /** The shell's folder after the last run. */
  readonly cwd: string
  /** Where the shell keeps its history, as its settings say after the last run; `undefined`: nowhere, or without hooks. */
  readonly history: HistoryFile | undefined
  /**
   * Runs one command, which may have several lines. Rejects with `busy` while another command runs, with `closed` after the
   * end of the shell, with `untypable` for text that cannot be typed at a terminal. If `onOutput` or `onStart` throws, the
   * promise rejects with that error when the command has ended.
   */
  run(command: string, options?: RunOptions): Promise<RunOutcome>
  /** Types bytes for the running program; returns false if none runs. Throws `input-overflow` beyond 1 MiB of unread input. */
  input(data: Uint8Array | string): boolean
  /**
   * Types bytes if the condition holds at this moment. Resolves to undefined if they were typed, else to what is in the way.
   * It cannot be known on systems without /proc (macOS): there, `reads` always holds while a program runs, `hidden` and `key` never.
   */
  inputWhen(condition: InputCondition, data: Uint8Array | string): Promise<InputObstacle | undefined>
  /**
   * Looks at what the running command reads at this moment, about 3 ms of work, and reports a change before it resolves.
   * `none` while no command runs, and on systems without /proc (macOS) except for full-screen programs.
   */
  look(): Promise<Reading>
  /** Presses Ctrl-C for the running program; the remaining lines of the command are not run. */
  interrupt(): void
  /**
   * Sends a signal to the foreground process group of the terminal: to the running program, or to the shell itself where that runs the
   * command, as in a loop of builtins. Returns false if no command runs yet or any more, and on systems without /proc (macOS). Throws
   * `not-permitted` if the program belongs to another user.
   */
  signal(name: NodeJS.Signals): boolean
  /** The user will complete: from now on, bash, zsh and fish report their variables, functions and aliases before each prompt. */
  expectCompletion(): void
  /**
   * Finds what can replace the word at the end of a text, which is a command line up to the cursor: by the completions of bash, zsh
   * or fish, in another process with the variables, functions, aliases and the folder of this shell; without such a shell, paths,
   * programs and exported variables. Answers within 0.3 s, then with paths, and never rejects. Only the last 16,384 UTF-16 units
   * count.
   */
  complete(text: string): Promise<Completions>
  resize(size: Size): void
  /**
   * With `true`, a real terminal answers the queries of programs (cursor position, colours) in the output from now on, by `input`;
   * with `false`, the shell answers them again, and those of the last 5 s that the terminal has not answered.
   */
  suppressReplies(isSuppressed: boolean): void
  /**
   * Calls the listener with output between two runs, of background jobs or of the shell about them, without the
   * prompt. Replaces the listener before. Output among the prompt and the echo of a command is reported when the command runs.
   */
  onBackgroundOutput(listener: (data: Uint8Array) => void): void
  /** Calls the listener when the running command changes its activity, first from `running`. Replaces the listener before. */
  onActivity(listener: (activity: Activity) => void): void
  /**
   * Calls the listener with what the shell prints for its prompt, each time that it waits for a command. Never called for a
   * shell without hooks. Replaces the listener before.
   */
  onPrompt(listener: (printed: Uint8Array) => void): void
  /** Stops reading the terminal: a program that prints blocks once the terminal is full. */
  pause(): void
  resume(): void
  /** Resolves when the shell has ended and all its output was delivered (after `resume`, if it is paused). */
  readonly closed: Promise<ShellExit>
  /** Whether the shell or a program that `close` would end is running, such as a job that outlived the shell. Linux only. */
  hasPrograms(): boolean
  /**
   * Ends the shell and all programs that belong to it: those of its terminal, and their descendants. They get SIGHUP, as from
   * closing a terminal, then SIGTERM, then SIGKILL. Only a daemon stays: a program that has left the terminal's session, and
   * whose parent has exited. Also ends what is left of a shell that has exited. Resolves when all are gone. Without /proc
   * (macOS), ends only the shell.
   */
  close(options?: CloseOptions): Promise<void>
}
