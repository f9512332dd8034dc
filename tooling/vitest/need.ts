import {TestRunner, type RunnerTestCase} from 'vitest'

import {NEEDS, type NeedName} from './needs.ts'

declare module 'vitest' {
  interface TaskMeta {
    /** Why the test was skipped, and the command that changes that. */
    skipped?: string
  }
}

/**
 * Skips the running test where the machine lacks what it needs, which the end of `npm test` says. Returns the path of what it
 * needs.
 */
export function need(name: NeedName): string {
  const {find, skipped} = NEEDS[name]
  const found = find()
  if (found !== undefined) return found
  const test = TestRunner.getCurrentTest<RunnerTestCase>()
  test.meta.skipped = skipped
  return test.context.skip(skipped)
}
