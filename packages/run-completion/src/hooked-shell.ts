import type {RunTracker} from './run-tracker.ts'

/** The shells that can be made to say when a command is over. */
export type HookedShellName = 'bash' | 'zsh' | 'fish' | 'dash'

export interface HookOptions {
  /** Whether it is started under the name `sh`, as which bash looks for other start files. @default false */
  asSh?: boolean
  /** From `createNonce`. */
  nonce: string
  /** A folder that is private to this shell, with an absolute path. */
  folder: string
  /** The environment in which the shell will start. */
  env: Readonly<Record<string, string | undefined>>
}

/** How one kind of shell is started, typed to and read, so that it tells when a command is over. */
export interface HookedShell {
  readonly args: readonly string[]
  /** To be added to the environment. */
  readonly env: Readonly<Record<string, string>>
  /** Names and texts of what has to lie in the folder until the shell is at its first prompt. */
  readonly files: Readonly<Record<string, string>>
  createTracker(): RunTracker
  /** Whether a text with many lines is entered line by line, each when the editor is ready, or at once. */
  readonly enters: 'lines' | 'text'
  /** Whether it prints something yet between the start mark and the program; what is typed then is echoed into it. */
  readonly startsLate: boolean
  encodeLine(line: string, options?: LineOptions): Keystrokes
  /**
   * Asks a line editor that is open while a command runs whether it is that of a shell without our hooks; the answer is the
   * fact `unhooked`, or none. Undefined where no editor can be asked.
   */
  readonly probe: Uint8Array | undefined
  /** Keys that make the shell at its prompt say `here`, when it has read all that was typed before. */
  readonly call: Uint8Array
  /** Keys that make the shell throw an unfinished command away, also where it is deaf to Ctrl-C. */
  readonly cancel: Uint8Array
  /**
   * A folder that has to be there when a run ends, if something was typed for its program: then the shell throws away what
   * that has not read. Undefined where nothing needs to be there.
   */
  readonly unreadMark?: string
  /** Whether it takes a line although its prompt is not seen, as where the user has sent its stderr elsewhere. */
  readonly takesBlindly: boolean
  /** Whether a command may take the hooks away where no editor can be asked. */
  mayUnhook(command: string): boolean
  /** Where the first character stands that this shell cannot be given, counted from 0; undefined if there is none. */
  findUntypable(text: string): number | undefined
}

export interface LineOptions {
  /** First discards what stands in the line already. @default false */
  discard?: boolean
  /** The shell asked for the rest of an unfinished command. @default false */
  continues?: boolean
}

/** What enters a line. */
export interface Keystrokes {
  keys: Uint8Array
  /** What has to lie in the folder before, under the name `text`, until the next fact of the tracker. */
  text?: string
}
