/** One thing that guards the project. */
export interface Step {
  name: string
  /** What it looks at, for people. */
  about: string
  /** Steps that must have passed before. */
  needs?: readonly string[]
  /** It may share the machine with its neighbours in the list that may, too. Others run alone. @default false */
  sideBySide?: boolean
  run(): Promise<StepResult>
}

/** Counts of tests; a step that is not made of tests counts as one. */
export interface StepResult {
  passed: number
  failed: number
  /** Names, so that it can be said what was not looked at. */
  skipped: readonly string[]
  /** What to show of it, if that was not shown live. */
  output?: string
  /** The tests that failed, if it is made of tests. @default none */
  failures?: readonly Failure[]
}

export interface Failure {
  /** Its file and its name. */
  name: string
  /** What it threw, with where. */
  why: string
}

export interface StepReport extends StepResult {
  name: string
  durationMs: number
}
