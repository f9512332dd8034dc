import type {Shell} from '../shell.ts'

/** A shell that may not be at its first prompt. */
export interface OpenedShell {
  shell: Shell
  /** Resolves at the first prompt, or if the start files do not let the hooks be installed. Never rejects; see `Shell.closed`. */
  started: Promise<'ready' | 'unhookable'>
  /** The last 4096 bytes printed before the first prompt. */
  startOutput(): string
}
