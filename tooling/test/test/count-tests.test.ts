import {join} from 'node:path'

import {expect, test} from 'vitest'

import {countTests} from '../count-tests.ts'
import {ROOT} from '../root.ts'

const name = join(ROOT, 'packages/shell/test/run.test.ts')

test('passed, failed and skipped tests are counted; skips are named', () => {
  const stack = `AssertionError: no zsh\n    at ${name}:2:34\n    at run (file:///x/node_modules/.pnpm/vitest/run.js:1:2)`
  const assertionResults = [
    {status: 'passed', fullName: 'bash runs'},
    {status: 'failed', fullName: 'zsh runs', failureMessages: [stack]},
    {status: 'skipped', fullName: 'fish runs'},
    {status: 'todo', fullName: 'dash runs'},
  ]
  expect(countTests({testResults: [{name, status: 'failed', message: '', assertionResults}]})).toEqual({
    passed: 1,
    failed: 1,
    skipped: ['packages/shell/test/run.test.ts: fish runs', 'packages/shell/test/run.test.ts: dash runs'],
    failures: [{name: 'packages/shell/test/run.test.ts: zsh runs', why: `AssertionError: no zsh\n    at ${name}:2:34`}],
  })
})

test('a file that could not be loaded is a failure', () => {
  const message = 'SyntaxError: Unexpected token'
  expect(countTests({testResults: [{name, status: 'failed', message, assertionResults: []}]})).toMatchObject({
    failed: 1,
    failures: [{name: 'packages/shell/test/run.test.ts', why: message}],
  })
})
