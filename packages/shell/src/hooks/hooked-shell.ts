import type {RunTracker} from '@holdfast/run-completion'

import type {CommandStdio} from './command-stdio.ts'

export type HookedShellName = 'bash' | 'zsh' | 'fish' | 'dash'

export interface HookOptions {
  /** From `createNonce` of `@holdfast/run-completion`. */
  nonce: string
  /** Absolute path of a folder that is private to this shell. */
  folder: string
  /** The environment in which the shell will start. */
  env: Readonly<Record<string, string | undefined>>
  /**
   * Path of a symbolic link to a channel: while it leads to a device, the shell writes its variables, functions, aliases and
   * completions there before each prompt. @default the shell writes them nowhere
   */
  stateLink?: string
  /** Whether the shell is started as `sh`: bash then reads other start files. @default false */
  asSh?: boolean
}

/** How to start one kind of shell so that it prints markers, how to read its terminal, and how to type to it. */
export interface HookedShell {
  readonly args: readonly string[]
  /** Variables to add to the environment. */
  readonly env: Readonly<Record<string, string>>
  /** Start files by name; they must be in the folder until the shell is at its first prompt. */
  readonly files: Readonly<Record<string, string>>
  /** `mayHaveJobs`: see `RunTrackerOptions` of `@holdfast/run-completion`. */
  createTracker(mayHaveJobs?: () => boolean): RunTracker
  encodeLine(line: string, options?: LineOptions): Keystrokes
  /** The command as a group that reads something else than the terminal, or prints to no terminal. */
  group(command: string, stdio: CommandStdio): string
  /** The index of the first character that this shell cannot be given; undefined if there is none. */
  findUntypable(text: string): number | undefined
  /** Takes a command as a whole, in a file; other shells take it line by line, each line when they are ready. */
  readonly takesTextFile?: true
  /** Keeps the status of the command before when Ctrl-Z stops a command. */
  readonly reportsNoStop?: true
  /** Says that a job has ended only with its next prompt. */
  readonly tellsJobsLate?: true
  /** Still prints something between the start marker and the program, into which the terminal would echo input. */
  readonly printsAfterStart?: true
  /**
   * How many bytes the shell asks its terminal for when it reads a line without a line editor. Undefined if its `read` asks for
   * as many.
   */
  readonly promptReadBytes?: number
  /**
   * Keys that ask the line editor that is open while a command runs whether its shell has our hooks. The answer is the event
   * `hooked` or `unhooked`; none, if the shell lacks even the key. Undefined where no line editor can be asked.
   */
  readonly probeKeys?: Uint8Array
  /** Keys that make the shell at its prompt answer `synced` when it has read everything typed before. */
  readonly syncKeys: Uint8Array
  /** Keys that make the shell discard an unfinished command, even where it ignores Ctrl-C. */
  readonly cancelKeys: Uint8Array
  /**
   * Keys for a shell that is at its prompt without its line editor: they switch the editor on, and install the hooks where they
   * are gone. Undefined for a shell that is not given them: dash needs no line editor, and zsh reads its prompt as `read` does.
   */
  readonly editorKeys?: Uint8Array
  /**
   * Path of a flag: while this folder exists, the shell discards input that a program has left unread. Create it before
   * typing for a program, and remove it when the next command begins. Undefined where the shell needs no flag.
   */
  readonly unreadFlag?: string
}

export interface LineOptions {
  /** First discards the text in the line editor. @default false */
  discard?: boolean
  /** The shell has asked for the rest of an unfinished command. @default false */
  continues?: boolean
}

/** What enters a line. */
export interface Keystrokes {
  keys: Uint8Array
  /** What the terminal shows of them, without the newline. */
  shown: string
  /** The content of the file `text`, which must be in the folder from before the keys until the tracker's next event. */
  text?: string
}
