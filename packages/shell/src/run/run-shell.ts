import type {RunEvent} from '@holdfast/run-completion'

import type {LineReader} from '../activity/line-reading.ts'
import type {HookedShell} from '../hooks/hooked-shell.ts'
import type {ProcessStat} from '../process-stat.ts'
import type {RunOutcome, ShellExit} from '../shell.ts'
import type {PtyInput} from './pty-input.ts'

/** One command, from its first keystroke to its outcome. */
export interface Run {
  /** Takes the events of the shell; the first `ready` starts the typing. */
  take(event: RunEvent): void
  /** Types bytes for the program; bytes that come before it runs wait for it. Returns false if it has ended. */
  input(data: Uint8Array): boolean
  interrupt(): void
  exit(exit: ShellExit): void
  /** The shell has begun to run a line. */
  readonly isRunning: boolean
  /** A program runs, and what is typed now is for it. */
  readonly takesInput: boolean
  readonly waitingBytes: number
  /** Whether the shell waits for a line, or prepares its prompt. */
  readonly isAtPrompt: boolean
  readonly outcome: Promise<RunOutcome>
}

/** The shell in which a command runs. */
export interface RunShell {
  readonly input: PtyInput
  readonly hooked: HookedShell
  readonly cwd: string
  /** The state of the shell's process; undefined where it is unknown. */
  stat(): ProcessStat | undefined
  readonly lines: LineReader
  /** Whether the terminal is not read at the moment. */
  readonly isPaused: boolean
  /** The shell is at a prompt, although no marker said so: an event `ready` follows. */
  assumePrompt(): void
  /** What was printed after the entered line, if no marker said what it is. */
  takeUnmarked(): Uint8Array
  /** Signals the shell itself, not the programs that run in it. */
  kill(signal: NodeJS.Signals): void
}

/**
 * bash only records a Ctrl-C that arrives while it starts a program or opens its line editor, and acts on it when the program
 * has ended or a key is pressed. A Ctrl-C keeps this distance from both.
 */
export const BUSY_MS = 50
