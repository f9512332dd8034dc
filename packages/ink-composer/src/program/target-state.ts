import type {LineTarget, ProgramInput} from './line-target.ts'

/** A program that runs while the composer is shown. */
export interface RunningProgram {
  id: string
  input: ProgramInput
  /** When it began to read what it reads now: another number each time. `undefined`: it does not, as far as is known. */
  reading?: number | undefined
}

/** Whom the shown line is for, and why. */
export interface TargetState {
  target: LineTarget
  /** What the running program reads; `undefined`: none runs. */
  input: ProgramInput | undefined
  /** The line was begun before the program read what it reads now, its program has ended, or it may have arrived there. */
  isMarked: boolean
  /** Enter does not submit the prompt at once: its program has ended, or it may be a secret. */
  isDoubtful: boolean
  /** It was doubtful until the user pressed Enter: the next Enter submits it. */
  isConfirmed: boolean
  /**
   * What is typed into the prompt may be a secret: the running program has hidden what was typed, and no prompt was submitted since.
   * Also of a marked prompt that was typed then, or within two seconds after the beginning of a secret was thrown away.
   */
  isBehindSecret: boolean
}
