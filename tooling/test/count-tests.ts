import {relative} from 'node:path'

import {ROOT} from './root.ts'
import type {StepResult} from './step.ts'

/** What is used of the report that vitest's JSON reporter writes. */
export interface VitestReport {
  testResults: {
    /** The file. */
    name: string
    status: string
    /** Why the file itself failed, or ''. */
    message: string
    assertionResults: {status: string; fullName: string; failureMessages?: string[]}[]
  }[]
}

/** A file that failed before its first test counts as a failed test. */
export function countTests({testResults}: VitestReport): StepResult {
  const tests = testResults.flatMap(({name, assertionResults}) =>
    assertionResults.map((test) => ({...test, name: `${relative(ROOT, name)}: ${test.fullName}`})),
  )
  const broken = testResults.filter(({status, assertionResults}) => {
    return status === 'failed' && !assertionResults.some((test) => test.status === 'failed')
  })
  const passed = tests.filter(({status}) => status === 'passed')
  const failed = tests.filter(({status}) => status === 'failed')
  const skipped = tests.filter(({status}) => status !== 'passed' && status !== 'failed')
  return {
    passed: passed.length,
    failed: failed.length + broken.length,
    skipped: skipped.map(({name}) => name),
    failures: [
      ...failed.map(({name, failureMessages = []}) => ({name, why: ownLines(failureMessages.join('\n'))})),
      ...broken.map(({name, message}) => ({name: relative(ROOT, name), why: message})),
    ],
  }
}

/** Without the places in the test runner, which tell nothing. */
function ownLines(stack: string): string {
  return stack
    .split('\n')
    .filter((line) => !/^ +at .*(\/node_modules\/|<anonymous>)/.test(line))
    .join('\n')
}
