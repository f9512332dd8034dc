import type {Keyboard} from './keyboard.ts'
import type {ProcessFacts} from './process-facts.ts'

/** What a run needs of its shell. */
export interface RunShell {
  keyboard: Keyboard
  /** The shell's folder. */
  readonly cwd: string
  /** Behind its start mark it prints something yet, before the program has the terminal. */
  readonly startsLate: boolean
  /** What the system says about the shell; undefined if it says nothing. */
  facts(): ProcessFacts | undefined
  /** Signals the shell itself. */
  kill(signal: NodeJS.Signals): void
  /** What asks an open line editor whether the hooks are gone. */
  readonly probe: Uint8Array | undefined
  /** What makes the shell throw an unfinished line away, where Ctrl-C does not. */
  readonly cancel: Uint8Array
  /** What makes it say `here`, when it has read all that was typed before. */
  readonly call: Uint8Array
  /** Whether a command may take the hooks away. */
  mayUnhook(command: string): boolean
}

/**
 * bash only notes a Ctrl-C that comes while it starts a program or opens its editor, and acts on it when the program has
 * ended or a key is pressed. So a Ctrl-C keeps this distance from both.
 */
export const BUSY_MS = 50
