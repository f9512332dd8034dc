import type {AttachmentEnd} from '@holdfast/client'

import type {PageTerminal, TerminalSize} from './open-terminal.ts'

/** A terminal that shows a program, attached to it or not. */
export interface ShownTerminal {
  readonly terminal: PageTerminal
  /** Draws no more cells than these, which another client has. `undefined`: as many as there is room for. */
  limit(most: TerminalSize | undefined): void
  /** Leaves the program as it is. */
  dispose(): void
}

/** Why a terminal shows its program no longer. `not-attached`: it never did, or the program cannot be reached. */
export type TerminalEnd = {how: AttachmentEnd} | {how: 'not-attached'; error: unknown}
