import {execFile} from 'node:child_process'
import {promisify} from 'node:util'

import type {TerminalSize} from '@holdfast/terminal'

export type Command = readonly [string, ...string[]]

/** A way to drive programs in terminals. */
export interface Contender extends AsyncDisposable {
  /** Starts a program in a terminal of its own. */
  open(program: Command, size: TerminalSize): Promise<DrivenProgram>
  /** The running processes that it needs, without the programs. @default the process that drives */
  pids?(): number[]
}

export interface DrivenProgram extends AsyncDisposable {
  /** Resolves when the text is on the screen. */
  waitFor(text: string): Promise<void>
  /** Reads the cells of the screen. */
  snapshot(): Promise<void>
  /** Runs `true` in the shell that the program is, and resolves when it has ended. */
  runTrue(): Promise<void>
}

/** How a contender is made. */
export interface ContenderKind {
  /** A whole process for each step, which takes some 100 ms, so that it is measured less often. */
  isCommand: boolean
  start(): Promise<Contender>
}

/** Runs a command to its end, without stdin. Resolves with its output; rejects if it fails. */
export async function runCommand(
  [file, ...args]: Command,
  options: {env: Readonly<Record<string, string>>; cwd: string},
): Promise<string> {
  const {stdout} = await promisify(execFile)(file, args, {...options, timeout: 30_000})
  return stdout
}
