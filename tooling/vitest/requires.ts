import type {TestContext, TestOptions} from 'vitest'

import {findProgram, type Program} from './programs.ts'

declare module 'vitest' {
  interface TaskMeta {
    /** The program that this machine does not have, if the test was skipped for that. */
    missing?: Program
  }
}

/**
 * Options of a test or a suite that need programs which a machine may not have: where one is missing, they are skipped, and
 * `npm test` says how to install it. In CI, that fails the run.
 */
export function requires(...programs: readonly Program[]): TestOptions {
  const missing = programs.find((program) => findProgram(program) === undefined)
  return missing === undefined ? {} : {skip: true, meta: {missing}}
}

/** The same inside a test, for one row of `test.for`. */
export function skipWithout(program: Program, {task, skip}: TestContext): void {
  if (findProgram(program) !== undefined) return
  task.meta.missing = program
  skip(`${program} is not installed`)
}
