import type {Shell} from '../shell.ts'

/** A shell that may not be at its first prompt. */
export interface OpenedShell {
  shell: Shell
  /** Resolves at the first prompt. Never rejects; see `Shell.closed`. */
  started: Promise<'ready'>
  /** Resolves if the start files do not let the hooks be installed. */
  unhookable: Promise<'unhookable'>
  /** The last 4096 bytes printed before the first prompt. */
  startOutput(): string
}
