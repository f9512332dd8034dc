/** What happened in a shell with hooks, as the bytes of its terminal show it, in order. */
export type RunEvent =
  /** A command printed this, or the shell did about a line that it could not parse. May be a view of the bytes fed. */
  | {kind: 'output'; data: Uint8Array}
  /** The entered line runs. */
  | {kind: 'start'}
  /** The shell is back, in this folder. Without `start` before it: the line was empty, a comment, invalid or cancelled. */
  | {kind: 'end'; exitCode: number; cwd: string}
  /** The line editor waits for a new command, or for the rest of an unfinished one. */
  | {kind: 'ready'; prompt: 'command' | 'continuation'}
  /** The line editor has accepted or cancelled a line. */
  | {kind: 'entered'}
  /** The entered command is unfinished, and the shell has discarded it. */
  | {kind: 'incomplete'}
  /** An answer: the line editor belongs to a command of a shell with hooks. */
  | {kind: 'hooked'}
  /** An answer: the hooks are gone. The shell waits for a command, and prints no more `end`. */
  | {kind: 'unhooked'}
  /** Printed between two commands, apart from the prompt: by a background job, or by the shell about one. */
  | {kind: 'background-output'; data: Uint8Array}
  /** Where the shell keeps its history; `undefined`: nowhere. */
  | {kind: 'history'; file: string | undefined}
  /** An answer: the shell has read everything typed before. */
  | {kind: 'synced'}
