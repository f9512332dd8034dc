import type {AttachmentEnd} from '@holdfast/client'

import type {PageTerminal} from './open-terminal.ts'

/** A terminal that shows a program, attached to it or not. */
export interface ShownTerminal {
  readonly terminal: PageTerminal
  /** Leaves the program as it is. */
  dispose(): void
}

/**
 * Why a terminal shows no program. `not-attached`: it never did, or the program cannot be reached. `nothing-runs`: there was none to look
 * at.
 */
export type TerminalEnd = {how: AttachmentEnd | 'nothing-runs'} | {how: 'not-attached'; error: unknown}
