import {endPrograms, type CloseOptions} from '../close/end-programs.ts'
import {createShellPrograms} from '../close/shell-programs.ts'
import {startPty} from '../pty/pty.ts'
import type {ShellExit, Size} from '../shell.ts'
import {requireFolder} from './require-folder.ts'
import {shellEnvironment} from './shell-environment.ts'

export interface ProgramOptions {
  cwd: string
  /** The environment, to which TERM is added. @default process.env */
  env?: Readonly<Record<string, string | undefined>>
  /** @default 80 columns, 24 rows */
  size?: Size
  /** Receives every byte, in order, until `closed`. */
  onData(data: Uint8Array): void
}

/** A program on a PTY of its own. */
export interface Program {
  readonly pid: number
  /** Makes it wait when it prints. */
  pause(): void
  resume(): void
  /** Resolves when it has exited, and all its output was delivered. */
  readonly closed: Promise<ShellExit>
  /** Ends it and what it has started, as `Shell.close` does, also what is left after its exit. */
  end(options?: CloseOptions): Promise<void>
}

/**
 * Starts a program on a PTY of its own. Throws `ShellError` `not-startable` if there is no such folder. A program that does not
 * exist exits with a code of its own.
 */
export function startProgram(file: string, args: readonly string[], options: ProgramOptions): Program {
  const {cwd, env = process.env, size = {cols: 80, rows: 24}, onData} = options
  requireFolder(cwd, `\`${file}\``)
  const {pid, pause, resume, exited, closed} = startPty(file, args, {
    cwd,
    env: shellEnvironment(env, cwd),
    size,
    onData,
  })
  const programs = createShellPrograms(pid)
  void exited.then(programs.noteExit)
  return {pid, pause, resume, closed, end: (how) => endPrograms(pid, programs, how)}
}
