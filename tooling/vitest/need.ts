import {TestRunner, type RunnerTestCase} from 'vitest'

import {NEEDS, type NeedName} from './needs.ts'

declare module 'vitest' {
  interface TaskMeta {
    /** Why the test was skipped, and the command that changes that. */
    skipped?: string
  }
}

/**
 * Returns the path of a program or file that the running test needs. Skips the test where the machine lacks it; the summary of
 * `npm test` names skipped tests. A test that runs beside others passes itself: the `task` of its context.
 */
export function need(name: NeedName, test = TestRunner.getCurrentTest<RunnerTestCase>()): string {
  const {find, skipped} = NEEDS[name]
  const found = find()
  if (found !== undefined) return found
  test.meta.skipped = skipped
  return test.context.skip(skipped)
}
