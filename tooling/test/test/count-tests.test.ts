import {join} from 'node:path'

import {expect, test} from 'vitest'

import {countTests} from '../count-tests.ts'
import {ROOT} from '../root.ts'

const name = join(ROOT, 'packages/shell/test/run.test.ts')

test('passed, failed and skipped tests are counted; skips are named', () => {
  const assertionResults = [
    {status: 'passed', fullName: 'bash runs'},
    {status: 'failed', fullName: 'zsh runs'},
    {status: 'skipped', fullName: 'fish runs'},
    {status: 'todo', fullName: 'dash runs'},
  ]
  expect(countTests({testResults: [{name, status: 'failed', assertionResults}]})).toEqual({
    passed: 1,
    failed: 1,
    skipped: ['packages/shell/test/run.test.ts: fish runs', 'packages/shell/test/run.test.ts: dash runs'],
  })
})

test('a file that could not be loaded is a failure', () => {
  expect(countTests({testResults: [{name, status: 'failed', assertionResults: []}]})).toMatchObject({failed: 1})
})
