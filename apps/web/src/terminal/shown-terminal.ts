import type {AttachmentEnd} from '@holdfast/client'

import type {PageTerminal} from './open-terminal.ts'

/** A terminal that shows a program, attached to it or not. */
export interface ShownTerminal {
  readonly terminal: PageTerminal
  /** Leaves the program as it is. */
  dispose(): void
}

/** Why a terminal shows its program no longer. `not-attached`: it never did, or the program cannot be reached. */
export type TerminalEnd = {how: AttachmentEnd} | {how: 'not-attached'; error: unknown}
