import type {LineReading} from '../activity/line-reading.ts'

/** A shell in which nothing is printed or typed while a command runs. All times in ms. */
export interface Silence {
  quietMs: number
  /** How the shell itself reads its terminal. */
  reading: LineReading
  /** Whether its line editor can be asked for the hooks: it may also be open for a command. */
  canAsk: boolean
  /** The time since it was asked in this silence; undefined before. */
  askedMs: number | undefined
  /** It has answered that it has the hooks. */
  isHooked: boolean
}

/**
 * - `wait`: a command may run.
 * - `ask`: ask the line editor whether its shell has the hooks.
 * - `at-prompt`: the shell waits for a command, although no marker said so: its hooks do not work.
 */
export type SilenceVerdict = 'wait' | 'ask' | 'at-prompt'

/** A shell that reads a line and prints nothing for this time may be at a prompt without a marker. */
const QUIET_MS = 300
/** A shell with hooks answers within this time. */
const ANSWER_MS = 500

/**
 * Silence alone proves nothing: a program may be silent for days. A shell that itself reads a line does not run a program, and
 * a shell with hooks would have printed a marker before its prompt.
 */
export function judgeSilence({quietMs, reading, canAsk, askedMs, isHooked}: Silence): SilenceVerdict {
  if (reading === 'none' || quietMs < QUIET_MS || isHooked) return 'wait'
  if (reading !== 'editor' || !canAsk) return 'at-prompt'
  if (askedMs === undefined) return 'ask'
  return askedMs < ANSWER_MS ? 'wait' : 'at-prompt'
}
